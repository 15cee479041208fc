/**
 * Tells TLS records (RFC 8446 section 5.1) from clear text in what a client sends, octet by octet, from the moment at which TLS
 * may begin. Clear text after records is clear text: a client may fall back to it after a certificate that it does not like.
 */
import { Buffer } from "node:buffer";

export interface Piece {
  readonly isRecord: boolean;
  readonly octets: Buffer;
}

const HEADER = 5;
/** `change_cipher_spec` to `heartbeat`. */
const [FIRST_TYPE, LAST_TYPE] = [0x14, 0x18];
const MAJOR_VERSION = 3;
const LATEST_MINOR_VERSION = 4;
/** RFC 5246 section 6.2.3 allows more than RFC 8446. */
const LONGEST = 2 ** 14 + 2048;

export class RecordCutter {
  /** A header that is not whole yet. */
  #header: Buffer = Buffer.alloc(0);
  /** Octets of the current record that are still due. */
  #due = 0;
  #isClear = false;

  /** Returns the octets in order, but for a header that is not whole. */
  push(chunk: Buffer): readonly Piece[] {
    const pieces: Piece[] = [];
    let rest = this.#header.length === 0 ? chunk : Buffer.concat([this.#header, chunk]);
    this.#header = Buffer.alloc(0);
    while (rest.length > 0 && !this.#isClear) {
      if (this.#due === 0 && !mayBegin(rest)) {
        // After an octet that is no record there are no boundaries any more.
        this.#isClear = true;
        break;
      }
      if (this.#due === 0 && rest.length < HEADER) {
        this.#header = rest;
        return pieces;
      }
      if (this.#due === 0) this.#due = HEADER + rest.readUInt16BE(3);
      const octets = rest.subarray(0, this.#due);
      this.#due -= octets.length;
      rest = rest.subarray(octets.length);
      pieces.push({ isRecord: true, octets });
    }
    if (rest.length > 0) pieces.push({ isRecord: false, octets: rest });
    return pieces;
  }

  /** The octets that look like a header of which no more came: they are clear text. */
  end(): Buffer {
    const left = this.#header;
    this.#header = Buffer.alloc(0);
    return left;
  }
}

/** Whether these octets are a header, or the beginning of one. */
function mayBegin(octets: Buffer): boolean {
  const [type = 0, major = MAJOR_VERSION, minor = 0] = octets;
  if (type < FIRST_TYPE || type > LAST_TYPE || major !== MAJOR_VERSION || minor > LATEST_MINOR_VERSION) return false;
  return octets.length < HEADER || octets.readUInt16BE(3) <= LONGEST;
}
