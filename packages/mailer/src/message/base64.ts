/** Base64 in lines of 76 characters (RFC 2045 section 6.8), block by block. */
import { Buffer } from "node:buffer";

const LINE_IN = 57;
const LINE_OUT = 76;
/** What is encoded by one call: as strings, its lines stay in the fast part of the memory. */
const BLOCK = LINE_IN * 600;
/** What a stream is gathered to, so that a write is worth its cost: 187,200 octets once encoded. */
const STREAM_BLOCK = LINE_IN * 2400;

/** What `size` octets take once encoded, line ends included. */
export function base64Size(size: number): number {
  const characters = Math.ceil(size / 3) * 4;
  return characters + Math.ceil(characters / LINE_OUT) * 2;
}

/** Every line ends with CRLF, the last one too; no octets give no line. */
export function encodeBase64(octets: Uint8Array): Uint8Array {
  const encoded = Buffer.allocUnsafeSlow(base64Size(octets.length));
  putBase64(octets, encoded, 0);
  return encoded;
}

/** As `encodeBase64`, at a place in `target`. Returns where it ends. */
export function putBase64(octets: Uint8Array, target: Buffer, at: number): number {
  const source = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  let end = at;
  for (let from = 0; from < source.length; from += BLOCK) {
    const characters = source.toString("base64", from, from + BLOCK);
    let lines = "";
    for (let start = 0; start < characters.length; start += LINE_OUT) {
      lines += `${characters.slice(start, start + LINE_OUT)}\r\n`;
    }
    end += target.write(lines, end, "latin1");
  }
  return end;
}

/** Encodes octets as they come, in constant memory: of two blocks, by turns, since the reader may still hold the one before. */
export async function* encodeBase64Stream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(STREAM_BLOCK);
  const size = base64Size(STREAM_BLOCK);
  const out = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  let turn = 0;
  let filled = 0;
  const encoded = (octets: Uint8Array): Uint8Array => {
    const target = out[turn === 0 ? 0 : 1];
    turn ^= 1;
    return target.subarray(0, putBase64(octets, target, 0));
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
}
