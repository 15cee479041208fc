/**
 * One dialogue on its way over a channel, which may have others before and after it: the only loop that knows them both.
 * The dialogue is resumed in the tick of its last reply, so that what follows a reply cannot come too late to see what
 * came with it.
 */
import { AbortedError } from "../errors/aborted-error.ts";
import type { Phase } from "../errors/network-error.ts";
import type { Progress } from "../net/body-writer.ts";
import type { Channel } from "../net/channel.ts";
import type { Wait } from "../net/nature.ts";
import { type Timeouts, timeoutOf } from "../policy/timeouts.ts";
import type { Action } from "../protocol/command.ts";
import { type Dialogue, type Ending, Interruption, type Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";

export interface ConversationOptions {
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

export class Conversation<T, A extends Action> implements Wait {
  readonly #dialogue: Dialogue<T, A>;
  readonly #channel: Channel<A>;
  readonly #options: ConversationOptions;
  readonly #told: Told<T>;
  /** It has told its end, and tells no other. */
  #isOver = false;

  constructor(dialogue: Dialogue<T, A>, channel: Channel<A>, options: ConversationOptions, told: Told<T>) {
    this.#dialogue = dialogue;
    this.#channel = channel;
    this.#options = options;
    this.#told = told;
  }

  get progress(): Progress | undefined {
    return this.#options.progress;
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

  written(): void {
    this.#told.written();
  }

  done(replies: readonly Reply[]): void {
    if (this.#isOver) return;
    this.#advance(() => this.#dialogue.next(replies));
  }

  lost(cause: unknown, replies: readonly Reply[], ending: Ending): void {
    // defence: conversation-ends-once
    if (this.#isOver) return;
    const interruption = new Interruption(cause, replies, ending);
    this.#advance(() => this.#dialogue.throw(interruption));
  }

  readonly #onAbort = (): void => {
    // defence: reason-of-an-abort-is-a-cause
    this.#channel.abandon(this, new AbortedError(this.#options.signal?.reason));
  };

  #advance(resume: () => IteratorResult<Step<A>, T>): void {
    let result: IteratorResult<Step<A>, T>;
    try {
      result = resume();
      if (result.done !== true) return this.#say(result.value);
    } catch (error) {
      this.#finish();
      return this.#told.failed(error instanceof Interruption ? error.cause : error);
    }
    this.#finish();
    this.#told.done(result.value);
  }

  #finish(): void {
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  #say(step: Step<A>): void {
    if (step.length === 0) return this.done([]);
    if (this.#options.gathers === true) this.#channel.gather();
    this.#channel.exchange(step, this);
  }
}
