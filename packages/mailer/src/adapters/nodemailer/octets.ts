/** The octets that Nodemailer composed, on their way to the mailer. */
import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import type { OctetStream } from "../../message/input.ts";
import { octetsOf } from "../../message/octets.ts";

/**
 * The most octets that are collected before anything connects. A message that fits is judged whole, and can go again on a fresh
 * session if the server had closed the old one. A longer one is read as it is sent.
 */
const MOST_COLLECTED = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Reads the stream until it ends, or until it is longer than `limit`: then the rest is read as it is sent. */
export async function collect(stream: Readable, limit: number = MOST_COLLECTED): Promise<Uint8Array | OctetStream> {
  const source = withCrlf(stream);
  const collected: Uint8Array[] = [];
  let size = 0;
  while (size <= limit) {
    const step = await source.next();
    if (step.done === true) return Buffer.concat(collected);
    collected.push(step.value);
    size += step.value.length;
  }
  return joined(collected, source);
}

async function* joined(head: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  yield* rest;
}

/**
 * Nodemailer leaves the line ends of texts as they were given, and its own transports repair them. So does this one: a bare LF
 * becomes CRLF. A bare CR stays, for the mailer to refuse.
 */
async function* withCrlf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void> {
  let last = 0;
  for await (const chunk of stream) {
    // A plugin's transform may yield text.
    const octets = octetsOf(chunk) ?? Buffer.from(String(chunk));
    const bare = bareLineFeeds(octets, last);
    last = octets.at(-1) ?? last;
    yield bare.length === 0 ? octets : inserted(octets, bare);
  }
}

function bareLineFeeds(octets: Uint8Array, before: number): readonly number[] {
  const found: number[] = [];
  for (let at = octets.indexOf(LF); at !== -1; at = octets.indexOf(LF, at + 1)) {
    if ((at === 0 ? before : octets[at - 1]) !== CR) found.push(at);
  }
  return found;
}

function inserted(octets: Uint8Array, places: readonly number[]): Uint8Array {
  const result = new Uint8Array(octets.length + places.length);
  let start = 0;
  places.forEach((place, count) => {
    result.set(octets.subarray(start, place), start + count);
    result[place + count] = CR;
    start = place;
  });
  result.set(octets.subarray(start), start + places.length);
  return result;
}
