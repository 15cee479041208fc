/** Many messages, with back-pressure on both sides: the source is read no faster than messages go, nor than results are taken. */
import { MailError } from "../errors/mail-error.ts";
import type { Message } from "../message/input.ts";
import type { Receipt } from "../outcome/receipt.ts";

/** What became of one message: as `send`, but an error is no reason to stop. */
export type SendResult =
  | { readonly message: Message; readonly receipt: Receipt; readonly error?: undefined }
  | { readonly message: Message; readonly receipt: Receipt | undefined; readonly error: MailError };

type Messages = Iterable<Message> | AsyncIterable<Message>;
type Send = (message: Message) => Promise<Receipt>;

/** `mostAhead`: messages that are under way, or whose results nobody has taken. Throws what the source throws, once those before it are told. */
export async function* sendAll(messages: Messages, send: Send, mostAhead: number): AsyncGenerator<SendResult, void> {
  const batch = new Batch(send, mostAhead);
  void batch.read(messages);
  try {
    for (let result = await batch.next(); result !== undefined; result = await batch.next()) yield result;
  } finally {
    await batch.stop();
  }
}

class Batch {
  readonly #send: Send;
  readonly #mostAhead: number;
  readonly #results: SendResult[] = [];
  readonly #news = new Bell();
  readonly #room = new Bell();
  #underWay = 0;
  #isRead = false;
  #failure: { readonly cause: unknown } | undefined;

  constructor(send: Send, mostAhead: number) {
    this.#send = send;
    this.#mostAhead = mostAhead;
  }

  /** Never rejects: what the source throws is told by `next`. */
  async read(messages: Messages): Promise<void> {
    try {
      for await (const message of messages) {
        if (this.#isRead) break;
        void this.#begin(message);
        while (this.#underWay + this.#results.length >= this.#mostAhead && !this.#isRead) await this.#room.rung();
        if (this.#isRead) break;
      }
    } catch (cause) {
      this.#failure ??= { cause };
    }
    this.#isRead = true;
    this.#news.ring();
  }

  /** The next result, in the order in which they come; `undefined` behind the last. */
  async next(): Promise<SendResult | undefined> {
    while (this.#results.length === 0 && (!this.#isRead || this.#underWay > 0)) await this.#news.rung();
    const result = this.#results.shift();
    if (result === undefined && this.#failure !== undefined) throw this.#failure.cause;
    this.#room.ring();
    return result;
  }

  /** Reads no more, and waits for what was begun. */
  async stop(): Promise<void> {
    this.#isRead = true;
    this.#room.ring();
    while (this.#underWay > 0) await this.#news.rung();
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

/** Wakes the one who waits; where nobody does, the next who comes. */
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
