/**
 * Writes a message after DATA or BDAT at the pace of the connection.
 *
 * The last octets are held back until the source has ended without an error. If it fails, or gives more or fewer octets
 * than it promised, its final dot or its last octet never goes out, so the server takes nothing.
 */
import { InputError } from "../errors/input-error.ts";
import { MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import type { Content, Put } from "../message/content.ts";
import type { Body } from "../protocol/command.ts";
import { goesWhole } from "../protocol/plan.ts";
import { DotStuffer, FINAL_DOT, mostStuffed, stuffInPlace } from "../wire/dot-stuffing.ts";
import { Alarm } from "./alarm.ts";
import type { Question } from "./before-handover.ts";
import type { Filling } from "./slab.ts";

/** Called as the message goes out: octets handed over so far, and octets in all if that is known. At the end both are the same. */
export type Progress = (sent: number, total: number | undefined) => void;

/** The caller's functions. */
export interface BodyHooks {
  readonly progress?: Progress | undefined;
  /** Asked before the last octets of a body that is written piece by piece. */
  readonly beforeHandover?: Question | undefined;
}

export interface BodyOptions {
  /** Milliseconds over which at least 1 KiB/s have to go out, on average. */
  readonly window: number;
  readonly signal: AbortSignal;
  readonly hooks: BodyHooks;
}

/** Where the octets of a body go. Both writes resolve when the connection has taken them: then their memory may be reused. */
export interface BodySink {
  /** The server, as errors name it. */
  readonly peer: string;
  write(octets: Uint8Array): Promise<void>;
  /** `total`: octets of the whole message. */
  writeLast(octets: Uint8Array, total: number): Promise<void>;
  fail(cause: unknown): void;
}

/** Octets a second that a connection has to take, averaged over the window. */
const SLOWEST = 1024;
/** The most that one write takes: more would wait in memory for a slow connection. */
const LONGEST_SLICE = 64 * 1024;

/** At the slowest pace a slice takes three quarters of the window, so every window sees one go out: that tells a slow line from a dead one. */
function sliceFor(window: number): number {
  return Math.max(1, Math.min(LONGEST_SLICE, Math.floor((3 * SLOWEST * window) / 4000)));
}

/** A body in one piece: the line that announces it, and its octets. */
export interface Whole {
  readonly line: string;
  readonly filling: Filling;
}

/** A small body with its framing, or `undefined` if it has to be written piece by piece. */
export function frameWhole({ content, framing }: Body): Whole | undefined {
  if (content === undefined) return { line: "", filling: { room: FINAL_DOT.length, put: endStuffed } };
  const { size = Infinity, put } = content;
  if (put === undefined || !goesWhole(content)) return undefined;
  // The caller may have changed the memory. After BDAT, one octet more or less would shift all that follows.
  const putWhole: Put = (target, at) => {
    const end = put(target, at);
    // defence: no-octets-of-other-memory
    if (end !== at + size) throw changed();
    return end;
  };
  if (framing === "bdat") return { line: bdat(size), filling: { room: size, put: putWhole } };
  const putStuffed: Put = (target, at) => endStuffed(target, stuffInPlace(target, at, putWhole(target, at)));
  return { line: "", filling: { room: mostStuffed(size) + FINAL_DOT.length, put: putStuffed } };
}

function endStuffed(target: Buffer, at: number): number {
  target.set(FINAL_DOT, at);
  return at + FINAL_DOT.length;
}

/** Rejects if the source or the sink fails. */
export async function writeBody(body: Body, sink: BodySink, options: BodyOptions): Promise<void> {
  const { content } = body;
  if (content === undefined) throw new TypeError("a body without content is one piece");
  const pace = new Pace(sink, options.window);
  // A source may never answer. Then this never settles either, but it must leave no timer.
  options.signal.addEventListener("abort", () => pace.stop(), { once: true });
  const { beforeHandover } = options.hooks;
  let total = 0;
  const progress: Progress = (sent, size) => {
    total = sent;
    options.hooks.progress?.(sent, size);
  };
  try {
    const octets = read(body, content, options, progress);
    let held: Uint8Array | undefined;
    for await (const piece of (body.framing === "bdat" ? announced : stuffed)(octets, content)) {
      if (held !== undefined) {
        await sink.write(held);
        pace.count(held.length);
      }
      held = piece;
    }
    if (held === undefined) throw new TypeError("a framed body is never empty");
    if (beforeHandover !== undefined) {
      pace.stop(); // defence: pace-waits-for-the-caller
      await beforeHandover(options.signal); // defence: caller-is-asked-before-the-end
      pace.start();
    }
    await sink.writeLast(held, total);
  } finally {
    pace.stop();
  }
}

/** The content in slices. Throws at one octet more or less than it promised: after BDAT that would shift all that follows. */
async function* read(
  body: Body,
  content: Content,
  { signal, window }: BodyOptions,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  const { size } = content;
  const slice = sliceFor(window);
  let given = 0;
  try {
    for await (const chunk of content.open({ eightBit: body.eightBit, signal })) {
      given += chunk.length;
      if (size !== undefined && given > size) throw brokenPromise("more", size);
      for (let at = 0; at < chunk.length; at += slice) yield chunk.subarray(at, at + slice);
      tellProgress(progress, given, size);
    }
  } catch (error) {
    if (error instanceof MailError || signal.aborted) throw error;
    throw new InputError(
      "MAIL_INPUT_MESSAGE",
      "message",
      "its source failed while it was read, so it was not sent",
      error,
    );
  }
  // defence: no-fewer-octets-than-promised
  if (size !== undefined && given < size) throw brokenPromise("fewer", size);
}

/** If the caller's function throws, the send ends with an error that names it. */
export function tellProgress(progress: Progress | undefined, sent: number, total: number | undefined): void {
  try {
    progress?.(sent, total);
  } catch (error) {
    throw new InputError("MAIL_INPUT_OPTION", "progress", "the function failed, so the message was not sent", error);
  }
}

async function* stuffed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stuffer = new DotStuffer();
  for await (const chunk of chunks) {
    const pieces = stuffer.push(chunk);
    yield pieces.length === 1 ? chunk : Buffer.concat(pieces);
  }
  yield FINAL_DOT;
}

async function* announced(chunks: AsyncIterable<Uint8Array>, content: Content): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bdat(content.size ?? 0));
  yield* chunks;
}

/** For memory of the caller's that cannot be read any more. */
export function unreadable(cause: unknown): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", "message", "could not be read any more, so it was not sent.", cause);
}

function changed(): InputError {
  return new InputError(
    "MAIL_INPUT_MESSAGE",
    "message",
    "changed between the call and the sending, so it was not sent. Leave the octets that you pass as they are until then.",
  );
}

function brokenPromise(what: "more" | "fewer", size: number): InputError {
  return new InputError(
    "MAIL_INPUT_MESSAGE",
    "message",
    `its source gave ${what} octets than the ${size} it had promised, so it was not sent`,
  );
}

function bdat(size: number): string {
  return `BDAT ${size} LAST\r\n`;
}

/** Ends the connection if less than 1 KiB/s went out over a whole window. */
class Pace {
  #written = 0;
  readonly #window: number;
  readonly #alarm: Alarm;

  constructor(sink: BodySink, window: number) {
    this.#window = window;
    const least = (SLOWEST * window) / 1000 - sliceFor(window);
    this.#alarm = new Alarm(() => {
      if (this.#written < least) {
        return sink.fail(
          new NetworkError(
            "MAIL_NETWORK_TIMEOUT",
            "body",
            `Less than 1 KiB/s of the message went out to ${sink.peer} over ${window / 1000} s. The message was not sent.`,
          ),
        );
      }
      this.start();
    });
    this.start();
  }

  /** Begins a new window. */
  start(): void {
    this.#written = 0;
    this.#alarm.set(this.#window);
  }

  count(octets: number): void {
    this.#written += octets;
  }

  stop(): void {
    this.#alarm.cancel();
  }
}
