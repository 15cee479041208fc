/** Base64 in lines of 76 characters (RFC 2045 section 6.8), block by block. */
import { Buffer } from "node:buffer";

const LINE_IN = 57;
const LINE_OUT = 76;
/** 187,200 octets once encoded. */
const BLOCK = LINE_IN * 2400;

/** Two characters at a time: entry `n` holds those of the 12 bits `n`, in this machine's octet order. */
const pairs: Uint16Array = pairTable("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const CRLF: number = new Uint16Array(Uint8Array.of(0x0d, 0x0a).buffer)[0] ?? 0;

/** What `size` octets take once encoded, line ends included. */
export function base64Size(size: number): number {
  const characters = Math.ceil(size / 3) * 4;
  return characters + Math.ceil(characters / LINE_OUT) * 2;
}

/** Every line ends with CRLF, the last one too; no octets give no line. */
export function encodeBase64(octets: Uint8Array): Uint8Array {
  return encodeInto(new Uint16Array(base64Size(octets.length) / 2), octets);
}

/** What was written of `out`, which has room enough. */
function encodeInto(out: Uint16Array, octets: Uint8Array): Uint8Array {
  const whole = octets.length - (octets.length % LINE_IN);
  let end = 0;
  for (let index = 0; index < whole;) {
    for (const stop = index + LINE_IN; index < stop; index += 3) {
      const triple = ((octets[index] ?? 0) << 16) | ((octets[index + 1] ?? 0) << 8) | (octets[index + 2] ?? 0);
      out[end++] = pairs[triple >> 12] ?? 0;
      out[end++] = pairs[triple & 0xfff] ?? 0;
    }
    out[end++] = CRLF;
  }
  const encoded = Buffer.from(out.buffer, 0, base64Size(octets.length));
  if (whole < octets.length) {
    const rest = Buffer.from(octets.buffer, octets.byteOffset + whole, octets.length - whole);
    encoded.write(`${rest.toString("base64")}\r\n`, end * 2, "latin1");
  }
  return encoded;
}

/** Encodes octets as they come, in constant memory: of two blocks, by turns, since the reader may still hold the one before. */
export async function* encodeBase64Stream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  const out = [new Uint16Array(base64Size(BLOCK) / 2), new Uint16Array(base64Size(BLOCK) / 2)] as const;
  let turn = 0;
  let filled = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + BLOCK - filled);
      block.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === BLOCK) {
        yield encodeInto(out[turn === 0 ? 0 : 1], block);
        turn ^= 1;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield encodeInto(out[turn === 0 ? 0 : 1], block.subarray(0, filled));
}

function pairTable(alphabet: string): Uint16Array {
  const characters = Buffer.alloc(2 * 4096);
  for (let index = 0; index < 4096; index++) {
    characters.write(alphabet.charAt(index >> 6) + alphabet.charAt(index & 63), 2 * index, "latin1");
  }
  return new Uint16Array(characters.buffer, characters.byteOffset, 4096);
}
