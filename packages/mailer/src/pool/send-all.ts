/** Sends many messages with back-pressure on both sides: the source is read no faster than messages go and results are taken. */
import { AbortedError } from "../errors/aborted-error.ts";
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { MailError } from "../errors/mail-error.ts";
import { UnreadResultsError } from "../errors/unread-results-error.ts";
import type { Message } from "../message/input.ts";
import type { Receipt } from "../outcome/receipt.ts";

/** The result of one message: a receipt as from `send`, or the error that `send` would throw, which does not end the loop. */
export type SendResult =
  | { readonly message: Message; readonly receipt: Receipt; readonly error?: undefined }
  | { readonly message: Message; readonly receipt: Receipt | undefined; readonly error: MailError };

type Messages = Iterable<Message> | AsyncIterable<Message>;
type Source = Iterator<Message> | AsyncIterator<Message>;
type Send = (message: Message) => Promise<Receipt>;

/** Milliseconds that a source has for its last answer. */
const LONGEST_ANSWER = 1_000;

/**
 * `mostAhead`: the most messages that may be under way or have results that were not taken.
 *
 * After the last result it throws what the source threw, or `AbortedError` if the signal ended the reading. A consumer that
 * leaves the loop early waits for what was begun, and gets an `UnreadResultsError` with the results that it did not take.
 */
export async function* sendAll(
  messages: Messages,
  send: Send,
  mostAhead: number,
  signal?: AbortSignal,
): AsyncGenerator<SendResult, void> {
  const batch = new Batch(send, mostAhead, signal);
  void batch.read(messages);
  try {
    for (let result = await batch.next(); result !== undefined; result = await batch.next()) yield result;
  } finally {
    await batch.leave();
  }
}

/** Throws `InputError` for what cannot be iterated. */
function iteratorOf(messages: Messages): Source {
  if (typeof messages === "object" && messages !== null) {
    if (Symbol.asyncIterator in messages) return messages[Symbol.asyncIterator]();
    if (Symbol.iterator in messages) return messages[Symbol.iterator]();
  }
  throw new InputError(
    "MAIL_INPUT_MESSAGE",
    "messages",
    `is ${kindOf(messages)}, which is no list of messages: give an array, a generator or a stream of them.`,
  );
}

class Batch {
  readonly #send: Send;
  readonly #mostAhead: number;
  readonly #signal: AbortSignal | undefined;
  readonly #results: SendResult[] = [];
  readonly #news = new Bell();
  readonly #room = new Bell();
  #source: Source | undefined;
  #underWay = 0;
  #isRead = false;
  /** Set while the source is asked for a message: resolves when it has answered. */
  #asked: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(send: Send, mostAhead: number, signal: AbortSignal | undefined) {
    this.#send = send;
    this.#mostAhead = mostAhead;
    this.#signal = signal;
  }

  /** Never rejects: `next` throws what the source threw. */
  async read(messages: Messages): Promise<void> {
    this.#signal?.addEventListener("abort", this.#stopReading, { once: true });
    if (this.#isAborted) return this.#stopReading();
    try {
      const source = iteratorOf(messages);
      this.#source = source;
      for (let step = await this.#ask(source); step.done !== true; step = await this.#ask(source)) {
        if (this.#isRead && !this.#isAborted) this.#leftBehind(step.value);
        else void this.#begin(step.value);
        while (this.#underWay + this.#results.length >= this.#mostAhead && !this.#isRead) await this.#room.rung();
        // Once more: a generator that ends the reading while it yields cannot be closed at that moment.
        if (this.#isRead) return void quietly(source);
      }
    } catch (cause) {
      if (!this.#isRead) this.#failure ??= { cause };
    }
    this.#source = undefined;
    this.#stopReading();
  }

  async #ask(source: Source): Promise<IteratorResult<Message>> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked = promise;
    try {
      return await source.next();
    } finally {
      this.#asked = undefined;
      // After what follows from the answer.
      setImmediate(resolve);
    }
  }

  /** The next result, in the order in which they come; `undefined` after the last. */
  async next(): Promise<SendResult | undefined> {
    await this.#heard();
    if (this.#results.length === 0) {
      await this.#settled();
      await this.#heard();
    }
    const result = this.#results.shift();
    this.#room.ring();
    if (result !== undefined) return result;
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#isAborted) throw new AbortedError(this.#signal?.reason);
    return undefined;
  }

  /** Resolves when there is a result, or when none will come from what was read. */
  async #heard(): Promise<void> {
    while (this.#results.length === 0 && (!this.#isRead || this.#underWay > 0)) await this.#news.rung();
  }

  /** After the reading has ended, waits for the source's last answer, but not for ever. */
  async #settled(): Promise<void> {
    const asked = this.#asked;
    if (!this.#isRead || asked === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_ANSWER);
    });
    await Promise.race([asked, late]);
    clearTimeout(timer);
    if (this.#asked === asked) this.#asked = undefined;
  }

  get #isAborted(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Stops reading, and waits for what was begun. Throws `UnreadResultsError` if results are left. */
  async leave(): Promise<void> {
    this.#stopReading();
    await this.#settled();
    while (this.#underWay > 0) await this.#news.rung();
    if (this.#results.length > 0) throw new UnreadResultsError(this.#results);
  }

  /** Closes the source at once: it may be waiting for its next message, for ever. */
  readonly #stopReading = (): void => {
    this.#signal?.removeEventListener("abort", this.#stopReading);
    this.#isRead = true;
    this.#room.ring();
    this.#news.ring();
    const source = this.#source;
    this.#source = undefined;
    if (source !== undefined) void quietly(source);
  };

  /** The message was asked for before the loop was left. It is not sent: the caller would not hear of it. */
  #leftBehind(message: Message): void {
    this.#results.push({ message, receipt: undefined, error: new AbortedError(undefined) });
  }

  async #begin(message: Message): Promise<void> {
    this.#underWay += 1;
    try {
      this.#results.push({ message, receipt: await this.#send(message) });
    } catch (error) {
      if (error instanceof MailError) this.#results.push({ message, receipt: error.receipt, error });
      else this.#failure ??= { cause: error };
    }
    this.#underWay -= 1;
    this.#news.ring();
  }
}

/** Closes the source; its errors do not matter. */
async function quietly(source: Source): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // Nobody reads it any more.
  }
}

/** `ring` wakes what waits in `rung`; if nothing waits, the next call of `rung` returns at once. */
class Bell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async rung(): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isRung = false;
    this.#wake = undefined;
  }
}
