/** Takes apart what a client says, without I/O: octets in; lines, chunks and messages out. A method that needs more octets says so. */
import { OctetQueue } from "./octet-queue.ts";

export interface Reading {
  /** Default `CRLF`: every other line end is an error. `LF`: a CR before it may be missing, as many servers allow. */
  readonly lineEnd?: "CRLF" | "LF";
  /** Octets. A longer line is an error. Default 64 KiB. */
  readonly longestLine?: number;
}

/** Takes the octets of a message, or of a part of it. */
export interface Sink {
  /** The octets may be a part of a larger buffer: if they are kept for long, they should be copied. */
  add(octets: Buffer): void;
  /** Resolves when there is room for more; `undefined` if there is room already. Without it there always is. */
  readonly room?: Promise<void> | undefined;
}

/** Two readers might not agree where the line ends, which is how messages are smuggled; or the line is too long. */
export class LineError extends Error {}

const [CR, DOT] = [0x0d, 0x2e];
const CRLF: Buffer = Buffer.from("\r\n");
/** Longer than any line that keeps to the standard. */
// defence: lines-have-an-end
const LONGEST_LINE = 64 * 1024;

export class Intake {
  readonly #pending = new OctetQueue();
  readonly #lineEnd: "CRLF" | "LF";
  readonly #longestLine: number;

  constructor({ lineEnd = "CRLF", longestLine = LONGEST_LINE }: Reading = {}) {
    this.#lineEnd = lineEnd;
    this.#longestLine = longestLine;
  }

  push(octets: Buffer): void {
    this.#pending.add(octets);
  }

  /** Octets that were not read yet. */
  get size(): number {
    return this.#pending.size;
  }

  /** The next line without its end; `undefined` until it is whole. Throws `LineError`. */
  line(): Buffer | undefined {
    const { lineLength, size } = this.#pending;
    if ((lineLength === 0 ? size : lineLength) > this.#longestLine) throw new LineError("a line without an end");
    return lineLength === 0 ? undefined : this.#withoutEnd(this.#pending.take(lineLength));
  }

  /** Reads what follows 354, dots unstuffed. True once the final dot was read. */
  message(into: Sink): boolean {
    for (let line = this.line(); line !== undefined; line = this.line()) {
      if (line.length === 1 && line[0] === DOT) return true;
      into.add(line[0] === DOT ? line.subarray(1) : line);
      into.add(CRLF);
    }
    return false;
  }

  /** Reads at most `count` octets of what follows BDAT. Returns how many are still due. */
  chunk(into: Sink, count: number): number {
    const piece = this.#pending.take(count);
    if (piece.length > 0) into.add(piece);
    return count - piece.length;
  }

  /** Takes everything that is left. */
  rest(): Buffer {
    return this.#pending.take(this.#pending.size);
  }

  /** RFC 5321 section 2.3.8: a line ends with CRLF and nothing else. */
  #withoutEnd(line: Buffer): Buffer {
    const end = line.at(-2) === CR ? -2 : -1;
    // defence: lines-end-with-crlf-alone
    if (this.#lineEnd === "CRLF" && (end === -1 || line.indexOf(CR) !== line.length - 2))
      throw new LineError("a bare CR or LF");
    return line.subarray(0, end);
  }
}
