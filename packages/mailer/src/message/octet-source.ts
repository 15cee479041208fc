/** Sources of octets: local files, the caller's streams, and the caller's memory. */
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
  /** The number of octets, if it is known before reading. Reading another number throws. */
  readonly size: number | undefined;
  /** Whether `open` may be called again. */
  readonly replayable: boolean;
  /** Writes all of them into a buffer, if they are in memory. */
  readonly put?: Put;
  /** The memory of a chunk may be reused when the next but one is requested. */
  open(): AsyncIterable<Uint8Array>;
}

export interface FileSource extends OctetSource {
  readonly size: number;
  /** The last part of its path. */
  readonly filename: string;
}

/** What an error names: the option that the source came from. */
export interface Place {
  readonly code: InputErrorCode;
  readonly field: string;
}

const BLOCK = 128 * 1024;
/** At least two letters: `C:` is a drive. */
const URL_SCHEME = /^(?:[a-z][a-z0-9+.-]+:\/\/|data:)/i;

/** A regular file, whose status is checked now and again when it is read. Throws `InputError`. */
export async function openFile(path: string | URL, place: Place): Promise<FileSource> {
  const absolute = localPath(path, place);
  const status = await stat(absolute).catch((cause: unknown) => {
    throw refusal(place, `"${shown(absolute)}" cannot be read${reasonBeside(cause)}.`, cause);
  });
  if (!status.isFile()) throw refusal(place, `"${shown(absolute)}" is not a regular file.`);
  // An unreadable file must be found before connecting, not after the server has accepted the envelope.
  const probe = await open(absolute, "r").catch((cause: unknown) => {
    throw refusal(place, `"${shown(absolute)}" cannot be read${reasonBeside(cause)}.`, cause);
  });
  await probe.close();
  return {
    size: status.size,
    replayable: true,
    filename: basename(absolute),
    open: () => readFile(absolute, { size: status.size, modified: status.mtimeMs }, place),
  };
}

/** Octets in the caller's memory, copied block by block: what was judged is sent, even if the caller changes the array. */
export function memorySource(octets: Uint8Array): OctetSource {
  return { size: octets.length, replayable: true, open: () => copied(octets) };
}

async function* copied(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  // Two in turn: the reader may still hold the previous one.
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

/** The caller's stream, or a function that opens one for each reading. */
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
    return {
      size,
      replayable: true,
      open: () => counted(async () => handed.read(iterable(await source(), place)), size, place),
    };
  }
  if (!isIterable(source)) {
    throw refusal(place, "is neither an async iterable of octets nor a function that returns one or a promise of one.");
  }
  let spent = false;
  return {
    size,
    replayable: false,
    open() {
      if (spent) throw refusal(place, "was read already. Pass a function that opens it, so that it can be sent again.");
      spent = true;
      return counted(async () => handed.read(source), size, place);
    },
  };
}

async function* readFile(
  path: string,
  expected: { readonly size: number; readonly modified: number },
  place: Place,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw refusal(place, `"${shown(path)}" cannot be read any more${reasonBeside(cause)}.`, cause);
  });
  try {
    const status = await file.stat();
    if (status.size !== expected.size || status.mtimeMs !== expected.modified) throw changed(path, place);
    let total = 0;
    const size = Math.min(BLOCK, expected.size + 1);
    // Two in turn: the reader may still hold the previous one.
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

/** An error of the caller's stream, whatever its class, is only the cause of ours: it may carry another message's receipt. */
async function* given(openIt: () => Promise<AsyncIterable<Uint8Array>>, place: Place): AsyncGenerator<Uint8Array> {
  try {
    yield* await openIt();
  } catch (cause) {
    throw refusal(place, `failed while it was read, so the message was not sent${reasonIn(cause)}.`, cause);
  }
}

function iterable(opened: unknown, place: Place): AsyncIterable<Uint8Array> {
  if (isIterable(opened)) return opened;
  throw refusal(place, "is a function that returned neither an async iterable of octets nor a promise of one.");
}

function isIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** What an error says, after a colon: the reason is seldom where the message alone is shown. */
function reasonIn(cause: unknown): string {
  return cause instanceof Error && typeof cause.message === "string" && cause.message !== ""
    ? `: ${shown(cause.message)}`
    : "";
}

/** The same beside the path, which Node repeats: `ENOENT: no such file or directory, stat '/x'`. */
function reasonBeside(cause: unknown): string {
  const reason = reasonIn(cause);
  const call = cause instanceof Error && "syscall" in cause ? reason.indexOf(`, ${String(cause.syscall)} '`) : -1;
  return call === -1 ? reason : reason.slice(0, call);
}

async function* counted(
  openIt: () => Promise<AsyncIterable<Uint8Array>>,
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
    // Copied, so that what was judged is sent even if the source reuses its memory.
    // defence: judged-octets-are-a-copy
    yield new Uint8Array(octets);
  }
  if (size !== undefined && total !== size)
    throw refusal(place, `gave ${total} of the ${size} octets that were announced.`);
}

/** Refuses URLs: fetching one would let an attacker who supplies it make this machine send requests (server-side request forgery). */
function localPath(path: string | URL, place: Place): string {
  if (path instanceof URL) {
    // Parsed again: the caller's URL may override its own methods.
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
