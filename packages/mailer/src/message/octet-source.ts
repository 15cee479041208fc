/** Where octets come from that are not in memory: local files, and streams that the caller made. */
import { open, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError, type InputErrorCode } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import type { Put } from "./content.ts";
import type { HandedOver } from "./handed-over.ts";
import type { OctetStream } from "./input.ts";
import { octetsOf } from "./octets.ts";

export interface OctetSource {
  /** Octets, where they are known before reading. Reading another number of them throws. */
  readonly size: number | undefined;
  /** Whether `open` may be called again. */
  readonly replayable: boolean;
  /** Where they are in memory: puts all of them at a place in `target`. */
  readonly put?: Put;
  /** The memory of a chunk may be used again when the next but one is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

export interface FileSource extends OctetSource {
  readonly size: number;
  /** The last part of its path. */
  readonly filename: string;
}

/** Where an error is reported: the option that named the source. */
export interface Place {
  readonly code: InputErrorCode;
  readonly field: string;
}

const BLOCK = 128 * 1024;
/** Two letters at least: `C:` is a drive. */
const URL_SCHEME = /^(?:[a-z][a-z0-9+.-]+:\/\/|data:)/i;

/** A regular file, judged by its status now and again when it is read. Throws `InputError`. */
export async function openFile(path: string | URL, place: Place): Promise<FileSource> {
  const absolute = localPath(path, place);
  const status = await stat(absolute).catch((cause: unknown) => {
    throw refusal(place, `"${shown(absolute)}" cannot be read.`, cause);
  });
  if (!status.isFile()) throw refusal(place, `"${shown(absolute)}" is no regular file.`);
  // An unreadable file must be found out before connecting, not when the envelope was already accepted.
  const probe = await open(absolute, "r").catch((cause: unknown) => {
    throw refusal(place, `"${shown(absolute)}" cannot be read.`, cause);
  });
  await probe.close();
  return {
    size: status.size,
    replayable: true,
    filename: basename(absolute),
    open: () => readFile(absolute, { size: status.size, modified: status.mtimeMs }, place),
  };
}

/** Octets that the caller has in memory, copied a block at a time: what is judged has to be what is sent, whatever becomes of the array. */
export function memorySource(octets: Uint8Array): OctetSource {
  return { size: octets.length, replayable: true, open: () => copied(octets) };
}

async function* copied(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  // By turns: the reader may still hold the one before.
  const blocks = [Buffer.allocUnsafeSlow(BLOCK), Buffer.allocUnsafeSlow(BLOCK)] as const;
  let turn = 0;
  for (let at = 0; at < octets.length; at += BLOCK) {
    const part = octets.subarray(at, at + BLOCK);
    const block = blocks[turn === 0 ? 0 : 1];
    turn ^= 1;
    block.set(part);
    yield block.subarray(0, part.length);
  }
}

/** A stream, or a function that makes one whenever it is read. */
export function openStream(
  source: OctetStream,
  size: number | undefined,
  place: Place,
  handed: HandedOver,
): OctetSource {
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw refusal(place, "has a size that is not a whole number of octets.");
  }
  if (typeof source === "function") {
    return { size, replayable: true, open: () => counted(() => handed.read(source()), size, place) };
  }
  if (typeof source !== "object" || source === null || !(Symbol.asyncIterator in source)) {
    throw refusal(place, "is neither an async iterable of octets nor a function that returns one.");
  }
  let spent = false;
  return {
    size,
    replayable: false,
    open() {
      if (spent) throw refusal(place, "was read already. Pass a function that opens it, so that it can be sent again.");
      spent = true;
      return counted(() => handed.read(source), size, place);
    },
  };
}

async function* readFile(
  path: string,
  expected: { readonly size: number; readonly modified: number },
  place: Place,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw refusal(place, `"${shown(path)}" cannot be read any more.`, cause);
  });
  try {
    const status = await file.stat();
    if (status.size !== expected.size || status.mtimeMs !== expected.modified) throw changed(path, place);
    let total = 0;
    const size = Math.min(BLOCK, expected.size + 1);
    // By turns: the reader may still hold the one before.
    const blocks = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
    for (let at = 0; ; at ^= 1) {
      const { bytesRead, buffer } = await file.read(blocks[at === 0 ? 0 : 1], 0, size, null);
      if (bytesRead === 0) break;
      total += bytesRead;
      if (total > expected.size) throw changed(path, place);
      yield buffer.subarray(0, bytesRead);
    }
    if (total !== expected.size) throw changed(path, place);
  } finally {
    await file.close();
  }
}

/** An error of the caller's stream is never passed on as one of ours, whatever its class: it may have the receipt of another message. */
async function* given(openIt: () => AsyncIterable<Uint8Array>, place: Place): AsyncGenerator<Uint8Array> {
  try {
    yield* openIt();
  } catch (cause) {
    throw refusal(place, "failed while it was read, so the message was not sent.", cause);
  }
}

async function* counted(
  openIt: () => AsyncIterable<Uint8Array>,
  size: number | undefined,
  place: Place,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  // defence: error-of-a-source-is-a-cause
  for await (const chunk of given(openIt, place)) {
    const octets = octetsOf(chunk);
    if (octets === undefined) throw refusal(place, "gave something other than a Uint8Array.");
    total += octets.length;
    if (size !== undefined && total > size)
      throw refusal(place, `gave more than the ${size} octets that were announced.`);
    // A copy: what is judged has to be what is sent, also where the source writes into the same memory again.
    // defence: judged-octets-are-a-copy
    yield new Uint8Array(octets);
  }
  if (size !== undefined && total !== size)
    throw refusal(place, `gave ${total} of the ${size} octets that were announced.`);
}

/** Fetching a URL would let whoever writes the address make this machine ask for it (server-side request forgery). */
function localPath(path: string | URL, place: Place): string {
  if (path instanceof URL) {
    // Another copy of it, which has the methods of the language.
    const url = URL.parse(path.href);
    if (url?.protocol === "file:" && url.host === "") return fileURLToPath(url);
    throw refusal(
      place,
      `"${shown(url?.href ?? "this")}" is not a local file. URLs are never fetched: fetch it, and pass its content.`,
    );
  }
  if (typeof path !== "string" || path === "" || path.includes("\0")) throw refusal(place, "is not a path.");
  if (URL_SCHEME.test(path)) {
    throw refusal(
      place,
      `"${shown(path)}" is a URL, not a path. URLs are never fetched: fetch it, and pass its content.`,
    );
  }
  return resolve(path);
}

function changed(path: string, place: Place): InputError {
  return refusal(place, `"${shown(path)}" changed after it was judged. Send it again.`);
}

function refusal(place: Place, why: string, cause?: unknown): InputError {
  return new InputError(place.code, place.field, why, cause);
}
