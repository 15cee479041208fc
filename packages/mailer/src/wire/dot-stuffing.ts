/** Dot-stuffing for DATA (RFC 5321 section 4.5.2): a line that begins with a dot gets a second one. */

const CRLF_DOT = Buffer.from("\r\n.");
const DOT = Buffer.from(".");
const [CR, LF, PERIOD] = [0x0d, 0x0a, 0x2e];

/** The end of the mail text, for content that ends with CRLF. */
export const FINAL_DOT: Uint8Array = Buffer.from(".\r\n");

/** Upper bound of the stuffed size: each line that gets a dot has at least three octets; only the last may lack its CRLF. */
export function mostStuffed(size: number): number {
  return size + Math.ceil(size / 3);
}

/** Stuffs in place the whole message from `at` to `end`; `target` must have room for the dots after `end`. Returns the new end. */
export function stuffInPlace(target: Buffer, at: number, end: number): number {
  const pieces = new DotStuffer().push(target.subarray(at, end));
  if (pieces.length <= 1) return end;
  const stuffed = Buffer.concat(pieces);
  target.set(stuffed, at);
  return at + stuffed.length;
}

/** Stuffs a message that comes in chunks. It tracks the position in the line, so a cut between CR, LF and dot changes nothing. */
export class DotStuffer {
  /** How many octets of a CRLF the message so far ends with; 2 at first, since a message begins at the start of a line. */
  #crlf: 0 | 1 | 2 = 2;

  /** The chunk as slices with dots between them, not copied. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (chunk.length === 0) return [];
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const pieces: Uint8Array[] = [];
    let from = 0;
    const stuffAt = (position: number): void => {
      if (position > from) pieces.push(octets.subarray(from, position));
      pieces.push(DOT);
      from = position;
    };
    // defence: dots-across-chunks
    if (this.#crlf === 2 && octets[0] === PERIOD) stuffAt(0);
    if (this.#crlf === 1 && octets[0] === LF && octets[1] === PERIOD) stuffAt(1);
    for (let at = octets.indexOf(CRLF_DOT); at !== -1; at = octets.indexOf(CRLF_DOT, at + 2)) stuffAt(at + 2);
    pieces.push(octets.subarray(from));
    this.#crlf = this.#after(octets);
    return pieces;
  }

  #after(octets: Buffer): 0 | 1 | 2 {
    const last = octets.at(-1);
    if (last === CR) return 1;
    if (last !== LF) return 0;
    const before = octets.length > 1 ? octets.at(-2) === CR : this.#crlf === 1;
    return before ? 2 : 0;
  }
}
