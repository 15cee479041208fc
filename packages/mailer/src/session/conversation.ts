/**
 * Runs one dialogue over a channel, which may carry others before and after it: the only loop that knows both.
 * The dialogue is resumed in the tick of its last reply, so that nothing can come between that reply and what follows from it.
 */
import type { Sighting } from "../diagnostics/sighting.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import type { Phase } from "../errors/network-error.ts";
import type { BodyHooks } from "../net/body-writer.ts";
import type { Channel } from "../net/channel.ts";
import type { Wait } from "../net/nature.ts";
import { type Timeouts, timeoutOf } from "../policy/timeouts.ts";
import type { Action } from "../protocol/command.ts";
import { type Dialogue, type Ending, Interruption, type Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";

export interface DialogueOptions extends BodyHooks {
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal | undefined;
}

/** What is named here is never left out: it could be inherited (decision 30). */
export interface ConversationOptions extends DialogueOptions {
  /** Of the message that it carries. */
  readonly sighting: Sighting | undefined;
  /** Gather what it writes until the end of the tick, into one write with that of others. */
  readonly gathers: boolean;
}

/** Hears how a conversation goes. Each method is called at most once, in the tick of what it reports. */
export interface Listener<T> {
  /** The conversation writes nothing more: others may write. */
  written(): void;
  done(result: T): void;
  failed(error: unknown): void;
}

export class Conversation<T, A extends Action> implements Wait {
  readonly #dialogue: Dialogue<T, A>;
  readonly #channel: Channel<A>;
  readonly #options: ConversationOptions;
  readonly #listener: Listener<T>;
  /** The listener has heard the end, and hears no other. */
  #isOver = false;

  constructor(dialogue: Dialogue<T, A>, channel: Channel<A>, options: ConversationOptions, listener: Listener<T>) {
    this.#dialogue = dialogue;
    this.#channel = channel;
    this.#options = options;
    this.#listener = listener;
  }

  get progress(): BodyHooks["progress"] {
    return this.#options.progress;
  }

  get beforeHandover(): BodyHooks["beforeHandover"] {
    return this.#options.beforeHandover;
  }

  get sighting(): Sighting | undefined {
    return this.#options.sighting;
  }

  begin(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) return this.#listener.failed(new AbortedError(signal.reason));
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#advance(() => this.#dialogue.next([]));
  }

  timeout(phase: Phase): number {
    return timeoutOf(phase, this.#options.timeouts);
  }

  written(): void {
    this.#listener.written();
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
      return this.#listener.failed(error instanceof Interruption ? error.cause : error);
    }
    this.#finish();
    this.#listener.done(result.value);
  }

  #finish(): void {
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  #say(step: Step<A>): void {
    if (step.length === 0) return this.done([]);
    if (this.#options.gathers) this.#channel.gather();
    this.#channel.exchange(step, this);
  }
}
