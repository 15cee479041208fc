/**
 * Runs a dialogue over a channel: the only loop that knows them both. The dialogue is resumed in the tick of its last
 * reply, so that what follows a reply cannot come too late to see what came with it.
 */
import { AbortedError } from "../errors/aborted-error.ts";
import { InputError } from "../errors/input-error.ts";
import { MailError } from "../errors/mail-error.ts";
import type { Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Channel } from "../net/channel.ts";
import type { End, Wait } from "../net/nature.ts";
import { type Timeouts, timeoutOf } from "../policy/timeouts.ts";
import { type Body, encodeCommand, phaseOf } from "../protocol/command.ts";
import { type Dialogue, Interruption, type Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import { frameWhole, type Progress, tellProgress, type Whole, writeBody } from "./body-writer.ts";

export interface DriveOptions {
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
  /** What it writes waits for the end of the tick, so that what others write goes with it. */
  readonly gathers?: boolean;
}

/** Whom a conversation tells; each at most once, and in the tick in which it is so. */
export interface Told<T> {
  /** It writes nothing more: the connection may carry what others say. */
  written(): void;
  done(result: T): void;
  failed(error: unknown): void;
}

/** Rejects with what the dialogue throws, or with the reason of the signal, which ends the channel: a conversation cannot be left in the middle. */
export function drive<T>(dialogue: Dialogue<T>, channel: Channel, options: DriveOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(error instanceof AbortedError ? error.cause : error);
    new Conversation(dialogue, channel, options, { written: () => {}, done: resolve, failed }).begin();
  });
}

/** One dialogue on its way, which may have others before and behind it on the channel. */
export class Conversation<T> implements Wait {
  expects: readonly Phase[] = [];
  readonly #dialogue: Dialogue<T>;
  readonly #channel: Channel;
  readonly #options: DriveOptions;
  readonly #told: Told<T>;
  /** Ends the writing of a body. */
  #writing: AbortController | undefined;
  #handedOver = false;

  constructor(dialogue: Dialogue<T>, channel: Channel, options: DriveOptions, told: Told<T>) {
    this.#dialogue = dialogue;
    this.#channel = channel;
    this.#options = options;
    this.#told = told;
  }

  begin(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) return this.#told.failed(new AbortedError(signal.reason));
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#advance(() => this.#dialogue.next([]));
  }

  timeout(phase: Phase): number {
    return timeoutOf(phase, this.#options.timeouts);
  }

  done(replies: readonly Reply[]): void {
    if (this.#writing === undefined || this.#handedOver) {
      this.#writing = undefined;
      return this.#advance(() => this.#dialogue.next(replies));
    }
    const cause = early(this.#channel, replies);
    this.#channel.fail(cause);
    this.#interrupt(cause, replies, false);
  }

  lost(cause: unknown, replies: readonly Reply[], end: End): void {
    this.#handedOver &&= end.written;
    this.#interrupt(cause, replies, end.closing);
  }

  #interrupt(cause: unknown, replies: readonly Reply[], closing: boolean): void {
    this.#writing?.abort(cause);
    this.#writing = undefined;
    const interruption = new Interruption(cause, replies, this.#handedOver, closing);
    this.#advance(() => this.#dialogue.throw(interruption));
  }

  readonly #onAbort = (): void => {
    this.#channel.abandon(this, new AbortedError(this.#options.signal?.reason));
  };

  #advance(resume: () => IteratorResult<Step, T>): void {
    let result: IteratorResult<Step, T>;
    try {
      result = resume();
      if (result.done !== true) return this.#say(result.value);
    } catch (error) {
      this.#options.signal?.removeEventListener("abort", this.#onAbort);
      return this.#told.failed(error instanceof Interruption ? error.cause : error);
    }
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#told.done(result.value);
  }

  /** One step is one write, as far as it is in memory; a longer body follows at the pace of the connection. */
  #say(step: Step): void {
    const last = step.at(-1);
    if (last === undefined) return this.done([]);
    if (this.#options.gathers === true) this.#channel.gather();
    let text = "";
    for (const action of step) if (action.verb !== "BODY") text += encodeCommand(action);
    this.expects = step.map(phaseOf);
    this.#handedOver = false;
    this.#writing = undefined;
    this.#channel.witness.said(step);
    if (last.verb !== "BODY") return this.#channel.exchange(text, this);
    let whole: Whole | undefined;
    try {
      whole = frameWhole(last);
      if (whole !== undefined) this.#sayWhole(text, last, whole);
    } catch (error) {
      // A callback of the caller's, or memory of his that has changed: nothing of it was written.
      this.#handedOver = false;
      const cause = error instanceof MailError ? error : unreadable(error);
      this.#channel.retire(cause);
      return this.#interrupt(cause, [], false);
    }
    if (whole === undefined) this.#stream(text, last);
    else if (last.last) this.#told.written();
  }

  /** A message that goes out in one piece is on its way at once. Throws before anything of it is written. */
  #sayWhole(text: string, body: Body, whole: Whole): void {
    const size = body.content?.size;
    if (size !== undefined) tellProgress(this.#options.progress, size, size);
    const { signal } = this.#options;
    if (signal?.aborted === true) throw new AbortedError(signal.reason);
    this.#handedOver = true;
    this.#channel.witness.carried(body, size ?? 0);
    this.#channel.exchange(text + whole.line, this, true, whole.filling);
  }

  #stream(text: string, body: Body): void {
    const writing = new AbortController();
    this.#writing = writing;
    this.#channel.exchange(text, this, false);
    // An abort by the caller comes here by way of `lost`. A signal made of both would leave something on a caller's that lives on.
    const { signal } = writing;
    const { progress } = this.#options;
    let octets = 0;
    const counted: Progress = (sent, total) => {
      octets = sent;
      progress?.(sent, total);
    };
    const last = {
      begins: () => {
        this.#handedOver = true;
        this.#channel.witness.carried(body, octets);
      },
      isMade: () => {
        // Where the reply is here already, the end of the line is somebody else.
        if (this.#writing !== writing) return;
        this.#channel.tick();
        if (body.last) this.#told.written();
      },
    };
    writeBody(body, this.#channel, { ...this.#options, progress: counted, signal }, last).catch((error: unknown) =>
      this.#channel.abandon(this, error),
    );
  }
}

function unreadable(cause: unknown): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", "message", "could not be read any more, so it was not sent.", cause);
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
