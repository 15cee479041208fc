/**
 * Base64 in lines of at most 76 characters (RFC 2045 section 6.8), block by block.
 *
 * No line begins with a word that a server could take for a command (`command-like.ts`): the first two letters of such a
 * word move to the end of the line before, or, on the first line, to a line of their own.
 * BDAT announces the size first, so the size of the result must depend only on the size of the input: a line has room for
 * two more characters, and if the first letters need no line of their own, an empty line at the end makes up for it.
 */
import { Buffer } from "node:buffer";
import { mayBeginWordAt } from "./command-like.ts";

const LINE_IN = 54;
const LINE_OUT = 72;
/** Letters to move: no word begins like another one after its first two letters. */
const MOVED = 2;
const [CR, LF] = [0x0d, 0x0a];
/** Octets that one call encodes: few enough that the string stays in the fast part of V8's memory. */
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
      const characters = source.toString("base64", from, from + BLOCK);
      // So far ahead that no line overtakes what is still to be read: each grows by the end of the line before it.
      const ahead = end + 2 * Math.ceil(characters.length / LINE_OUT);
      end = this.#cut(target, ahead, ahead + target.write(characters, ahead, "latin1"), end);
    }
    return end;
  }

  end(target: Buffer, at: number): number {
    return at + target.write(this.#firstIsMoved ? "\r\n" : "\r\n\r\n", at, "latin1");
  }

  /** Moves the characters from `start` to `stop` down to `at`, as lines. Copying a line within the target costs a third of cutting a string. */
  #cut(target: Buffer, start: number, stop: number, at: number): number {
    let end = at;
    for (let line = start; line < stop; line += LINE_OUT) {
      let from = line;
      // defence: no-word-in-base64
      if (mayBeginWordAt(target, line)) {
        this.#firstIsMoved ||= !this.#begun;
        this.#begun = true;
        from += MOVED;
        target.copyWithin(end, line, from);
        end += MOVED;
      }
      if (this.#begun) {
        target[end] = CR;
        target[end + 1] = LF;
        end += 2;
      }
      this.#begun = true;
      const to = Math.min(line + LINE_OUT, stop);
      target.copyWithin(end, from, to);
      end += to - from;
    }
    return end;
  }
}
