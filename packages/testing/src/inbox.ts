/** The messages that were taken, the callers who wait for the next one, and what is wrong with the test itself. */
import type { CapturedMessage } from "./message.ts";

interface Waiter {
  readonly resolve: (message: CapturedMessage) => void;
  readonly reject: (error: Error) => void;
}

export class Inbox {
  #messages: CapturedMessage[] = [];
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<Waiter>();
  /** How many of the messages `next` has returned. */
  #given = 0;
  #lastHeard = "no client has connected";
  #fault: Error | undefined;
  #isClosed = false;

  /** A copy. */
  get messages(): readonly CapturedMessage[] {
    return [...this.#messages];
  }

  /** A mistake in the test, which must not pass: the first since `clear`. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** What a client did, or how the server answered it: shown to a test that waits in vain. */
  note(what: string): void {
    this.#lastHeard = what;
  }

  add(message: CapturedMessage): void {
    this.#messages.push(message);
    this.note(`a message to ${message.envelope.to.join(", ")} was taken`);
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#given += 1;
    this.#waiting.delete(first);
    first.resolve(message);
  }

  /** Fails all who wait, and all later calls until `clear`. */
  fail(fault: Error): void {
    this.#fault ??= fault;
    for (const { reject } of this.#waiting) reject(this.#fault);
  }

  /** The first message that it has not returned yet. Rejects after `timeout` milliseconds, with what happened last. */
  async next(timeout: number): Promise<CapturedMessage> {
    if (this.#fault !== undefined) throw this.#fault;
    const message = this.#messages[this.#given];
    if (message === undefined) return this.#arrival(timeout);
    this.#given += 1;
    return message;
  }

  clear(): void {
    this.#messages = [];
    this.#given = 0;
    this.#fault = undefined;
    this.note("nothing since reset()");
  }

  /** No message can come any more. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(this.#inVain("The server was closed before a message came"));
  }

  async #arrival(timeout: number): Promise<CapturedMessage> {
    if (this.#isClosed) throw this.#inVain("No message can come: the server is closed");
    const { promise, resolve, reject } = Promise.withResolvers<CapturedMessage>();
    const waiter: Waiter = { resolve, reject };
    const late = (): void => reject(this.#inVain(`No message came within ${timeout} ms`));
    const timer = timeout === Infinity ? undefined : setTimeout(late, timeout);
    this.#waiting.add(waiter);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiter);
    }
  }

  #inVain(what: string): Error {
    return new Error(`${what}. What happened last: ${this.#lastHeard}.`);
  }
}
