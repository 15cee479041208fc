/**
 * Base64 in lines of at most 76 characters (RFC 2045 section 6.8), block by block.
 *
 * No line begins with a word that a server could take for a command (`command-like.ts`): the first two letters of such a
 * word move to the end of the line before, or, on the first line, to a line of their own.
 * BDAT announces the size first, so the size of the result must depend only on the size of the input: a line has room for
 * two more characters, and if the first letters need no line of their own, an empty line at the end makes up for it.
 */
import { Buffer } from "node:buffer";
import { mayBeginWord } from "./command-like.ts";

const LINE_IN = 54;
const LINE_OUT = 72;
/** Letters to move: no word begins like another one after its first two letters. */
const MOVED = 2;
/** Octets that one call encodes: few enough that the strings stay in the fast part of V8's memory. */
const BLOCK = LINE_IN * 600;
/** Octets of a stream that are gathered for one write, to make it worth its cost: 177,600 after encoding. */
const STREAM_BLOCK = LINE_IN * 2400;

/** The encoded size of `size` octets, line ends included. */
export function base64Size(size: number): number {
  if (size === 0) return 0;
  const characters = Math.ceil(size / 3) * 4;
  return characters + Math.ceil(characters / LINE_OUT) * 2 + 2;
}

/** Every line ends with CRLF, including the last; no octets give no line. */
export function encodeBase64(octets: Uint8Array): Uint8Array {
  const encoded = Buffer.allocUnsafeSlow(base64Size(octets.length));
  putBase64(octets, encoded, 0);
  return encoded;
}

/** Like `encodeBase64`, but writes into `target` from `at`. Returns the end. */
export function putBase64(octets: Uint8Array, target: Buffer, at: number): number {
  if (octets.length === 0) return at;
  const lines = new Lines();
  return lines.end(target, lines.put(octets, target, at));
}

/** Encodes octets as they come, in constant memory: two blocks in turn, since the reader may still hold the previous one. */
export async function* encodeBase64Stream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(STREAM_BLOCK);
  const size = base64Size(STREAM_BLOCK);
  const out = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  const lines = new Lines();
  let turn = 0;
  let filled = 0;
  const encoded = (octets: Uint8Array): Uint8Array => {
    const target = out[turn === 0 ? 0 : 1];
    turn ^= 1;
    return target.subarray(0, lines.put(octets, target, 0));
  };
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + STREAM_BLOCK - filled);
      block.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === STREAM_BLOCK) {
        yield encoded(block);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield encoded(block.subarray(0, filled));
  if (!lines.areEmpty) {
    const end = Buffer.alloc(2 * MOVED);
    yield end.subarray(0, lines.end(end, 0));
  }
}

/** The lines of one part. The end of a line is written with the next line, which may first move two letters to it. */
class Lines {
  #begun = false;
  #firstIsMoved = false;

  get areEmpty(): boolean {
    return !this.#begun;
  }

  /** `octets` must fill whole lines, except in the last call. */
  put(octets: Uint8Array, target: Buffer, at: number): number {
    const source = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    let end = at;
    for (let from = 0; from < source.length; from += BLOCK) {
      end += target.write(this.#lines(source.toString("base64", from, from + BLOCK)), end, "latin1");
    }
    return end;
  }

  end(target: Buffer, at: number): number {
    return at + target.write(this.#firstIsMoved ? "\r\n" : "\r\n\r\n", at, "latin1");
  }

  #lines(characters: string): string {
    let from = hasWordAt(characters, 0) ? MOVED : 0;
    this.#firstIsMoved ||= !this.#begun && from > 0;
    let lines = characters.slice(0, from) + (this.#begun || from > 0 ? "\r\n" : "");
    for (let end = LINE_OUT; end < characters.length; end += LINE_OUT) {
      const to = hasWordAt(characters, end) ? end + MOVED : end;
      lines += `${characters.slice(from, to)}\r\n`;
      from = to;
    }
    this.#begun = true;
    return lines + characters.slice(from);
  }
}

/** Whether the line that begins here would begin with such a word, so that its first letters end the line before it. */
function hasWordAt(characters: string, start: number): boolean {
  // defence: no-word-in-base64
  return mayBeginWord(characters, start);
}
