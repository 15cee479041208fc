/** Base64 for SASL (RFC 4954 section 4): strict, since a lenient decoder reads what the other side did not write. */

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function encodeBase64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("base64");
}

/** The octets, or `undefined` if the text is not canonical base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  const octets = Buffer.from(text, "base64");
  return octets.toString("base64") === text ? octets : undefined;
}
