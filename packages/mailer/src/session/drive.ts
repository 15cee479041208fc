/**
 * Runs a dialogue over a channel: the only loop that knows them both. The dialogue is resumed in the tick of its last
 * reply, so that what follows a reply cannot come too late to see what came with it.
 */
import type { Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Channel } from "../net/channel.ts";
import { type Timeouts, timeoutOf } from "../policy/timeouts.ts";
import { type Body, encodeCommand, phaseOf } from "../protocol/command.ts";
import { type Dialogue, Interruption, type Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import { FINAL_DOT } from "../wire/dot-stuffing.ts";
import { frameWhole, type Progress, tellProgress, writeBody } from "./body-writer.ts";

export interface DriveOptions {
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Rejects with what the dialogue throws. The signal ends the channel: a conversation cannot be left in the middle. */
export function drive<T>(dialogue: Dialogue<T>, channel: Channel, options: DriveOptions): Promise<T> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => channel.fail(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const advance = (resume: () => IteratorResult<Step, T>): void => {
      try {
        const result = resume();
        if (result.done !== true) return take(result.value);
        signal?.removeEventListener("abort", onAbort);
        resolve(result.value);
      } catch (error) {
        signal?.removeEventListener("abort", onAbort);
        reject(error instanceof Interruption ? error.cause : error);
      }
    };
    const take = (step: Step): void => {
      send(step, channel, options, {
        done: (replies) => advance(() => dialogue.next(replies)),
        lost: (interruption) => advance(() => dialogue.throw(interruption)),
      });
    };
    advance(() => dialogue.next([]));
  });
}

interface Resume {
  done(replies: readonly Reply[]): void;
  lost(interruption: Interruption): void;
}

/** One step is one write, as far as it is in memory; a longer body follows at the pace of the connection. */
function send(step: Step, channel: Channel, options: DriveOptions, resume: Resume): void {
  const last = step.at(-1);
  if (last === undefined) return resume.done([]);
  const body = last.verb === "BODY" ? last : undefined;
  const whole = body === undefined ? undefined : wholeOf(body);
  const streamed = body !== undefined && whole === undefined;
  const head = Buffer.from(step.map((action) => (action.verb === "BODY" ? "" : encodeCommand(action))).join(""));
  const octets = whole === undefined ? head : Buffer.concat([head, whole]);
  if (whole !== undefined) tell(body, channel, options);
  const stopped = new AbortController();
  // Nothing is written to a channel that is over.
  let handedOver = whole !== undefined && channel.isOpen;
  const lost = (cause: unknown, replies: readonly Reply[]): void => {
    stopped.abort(cause);
    resume.lost(new Interruption(cause, replies, handedOver));
  };
  const done = (replies: readonly Reply[]): void => {
    if (!streamed || handedOver) return resume.done(replies);
    const cause = early(channel, replies);
    channel.fail(cause);
    lost(cause, replies);
  };
  const timeout = (phase: Phase): number => timeoutOf(phase, options.timeouts);
  channel.exchange(octets, { expects: step.map(phaseOf), timeout, done, lost }, !streamed);
  if (!streamed) return;
  const signal = options.signal === undefined ? stopped.signal : AbortSignal.any([options.signal, stopped.signal]);
  writeBody(body, channel, { ...options, signal }, () => {
    handedOver = true;
    channel.tick();
  }).catch((error: unknown) => channel.fail(error));
}

/** A message that goes out in one piece is on its way at once. A callback that throws ends the send before anything of it is written. */
function tell(body: Body | undefined, channel: Channel, options: DriveOptions): void {
  const bytes = body?.content?.bytes;
  if (bytes === undefined) return;
  try {
    tellProgress(options.progress, bytes.length, bytes.length);
  } catch (error) {
    channel.fail(error);
  }
}

/** The body as one piece, where it is small enough to be. */
function wholeOf(body: Body): Uint8Array | undefined {
  if (body.content === undefined) return FINAL_DOT;
  return body.content.bytes === undefined ? undefined : frameWhole(body, body.content.bytes);
}

/** An answer before the end: the server has given up on the message, and the rest of it would be read as commands. */
function early(channel: Channel, replies: readonly Reply[]): ProtocolError {
  const last = replies.at(-1);
  return new ProtocolError(
    "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    `${channel.peer} answered before it had the whole message, so the connection was closed and the message was not sent.`,
    last === undefined ? "" : `${last.code} ${last.lines.join(" ")}`,
  );
}
