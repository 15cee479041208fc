/** The little DER that certificates need beyond what @peculiar/x509 writes: names and extensions that no good encoder would make. */

export function tlv(tag: number, value: Buffer): Buffer {
  const size = value.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}

export function sequence(parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}
