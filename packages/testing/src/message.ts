/** A message as the server took it. */

export interface CapturedEnvelope {
  /** Empty for the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
  /** The parameters of MAIL as the client wrote them, such as `SIZE=512` or `RET=HDRS`. */
  readonly mailParameters: readonly string[];
  /** The parameters of each recipient's RCPT, in the order of `to`. */
  readonly rcptParameters: readonly (readonly string[])[];
}

export interface CapturedMessage {
  readonly envelope: CapturedEnvelope;
  /** The user who had logged in. */
  readonly username: string;
  /** Every octet of the message as it was sent: dots unstuffed, lines with CRLF. */
  readonly raw: Buffer;
  /** The unfolded values of each header field, by its name in lower case. Encoded words (RFC 2047) are not decoded. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** A message while it arrives, for a `receive` of one's own. */
export interface ArrivingMessage {
  readonly envelope: CapturedEnvelope;
  /** The user who had logged in. */
  readonly username: string;
  /** Every octet of the message as it was sent: dots unstuffed, lines with CRLF. Reading fails if the message will not be taken: the client left, it is too large, or a failure was asked for. */
  readonly octets: AsyncIterable<Buffer>;
}

/** The fields before the first empty line. Lines that are no field are left out; `raw` has them. */
export function headersOf(raw: Buffer): ReadonlyMap<string, readonly string[]> {
  const end = raw.indexOf("\r\n\r\n");
  const text = raw.subarray(0, end === -1 ? raw.length : end).toString("utf8");
  const fields = new Map<string, string[]>();
  for (const field of text.replaceAll(/\r\n(?=[ \t])/g, "").split("\r\n")) {
    const colon = field.indexOf(":");
    if (colon < 1) continue;
    const name = field.slice(0, colon).trim().toLowerCase();
    const value = field.slice(colon + 1).trim();
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
}
