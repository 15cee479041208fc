/**
 * Base64 in lines of at most 76 characters (RFC 2045 section 6.8), block by block.
 *
 * No line begins with a word that a server could take for a command (`command-like.ts`): the first two letters of such a
 * word go to the end of the line before it. For the first line, which has none before it, they are a line of their own.
 * How many octets come out depends on nothing but how many go in, since BDAT has to say that first. So a line has room for
 * two characters more, and where the first line needs no line of its own, an empty line at the end stands for it.
 */
import { Buffer } from "node:buffer";
import { mayBeginWord } from "./command-like.ts";

const LINE_IN = 54;
const LINE_OUT = 72;
/** No word begins as another one goes on behind these. */
const MOVED = 2;
/** What is encoded by one call: as strings, its lines stay in the fast part of the memory. */
const BLOCK = LINE_IN * 600;
/** What a stream is gathered to, so that a write is worth its cost: 177,600 octets once encoded. */
const STREAM_BLOCK = LINE_IN * 2400;

/** What `size` octets take once encoded, line ends included. */
export function base64Size(size: number): number {
  if (size === 0) return 0;
  const characters = Math.ceil(size / 3) * 4;
  return characters + Math.ceil(characters / LINE_OUT) * 2 + 2;
}

/** Every line ends with CRLF, the last one too; no octets give no line. */
export function encodeBase64(octets: Uint8Array): Uint8Array {
  const encoded = Buffer.allocUnsafeSlow(base64Size(octets.length));
  putBase64(octets, encoded, 0);
  return encoded;
}

/** As `encodeBase64`, at a place in `target`. Returns where it ends. */
export function putBase64(octets: Uint8Array, target: Buffer, at: number): number {
  if (octets.length === 0) return at;
  const lines = new Lines();
  return lines.end(target, lines.put(octets, target, at));
}

/** Encodes octets as they come, in constant memory: of two blocks, by turns, since the reader may still hold the one before. */
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

/** The lines of one part. What ends a line is written with the next one, which decides where that is. */
class Lines {
  #begun = false;
  #firstIsMoved = false;

  get areEmpty(): boolean {
    return !this.#begun;
  }

  /** Whole lines, but for the last octets of all. */
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
    let lines = this.#begun ? "" : this.#first(characters);
    for (let start = this.#begun ? 0 : LINE_OUT; start < characters.length; start += LINE_OUT) {
      lines += hasWordAt(characters, start) ? moved(characters, start) : `\r\n${lineAt(characters, start)}`;
    }
    this.#begun = true;
    return lines;
  }

  #first(characters: string): string {
    this.#firstIsMoved = hasWordAt(characters, 0);
    return this.#firstIsMoved ? moved(characters, 0) : lineAt(characters, 0);
  }
}

function hasWordAt(characters: string, start: number): boolean {
  // defence: no-word-in-base64
  return mayBeginWord(characters, start);
}

function lineAt(characters: string, start: number): string {
  return characters.slice(start, start + LINE_OUT);
}

/** The first letters of a line end the line before it. */
function moved(characters: string, start: number): string {
  const to = start + MOVED;
  return `${characters.slice(start, to)}\r\n${characters.slice(to, start + LINE_OUT)}`;
}
