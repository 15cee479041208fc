/** The messages that were taken, and the callers who wait for the next one. */
import type { CapturedMessage } from "./message.ts";

export class Inbox {
  readonly messages: CapturedMessage[] = [];
  readonly #waiting = new Set<() => void>();
  /** How many of the messages `next` has returned. */
  #given = 0;
  #lastHeard = "no client has connected";

  /** What a client did, or how the server answered it: shown to a test that waits in vain. */
  note(what: string): void {
    this.#lastHeard = what;
  }

  add(message: CapturedMessage): void {
    this.messages.push(message);
    this.note(`a message to ${message.envelope.to.join(", ")} was taken`);
    for (const wake of this.#waiting) wake();
  }

  /** The first message that it has not returned yet. Rejects after `timeout` milliseconds, with what happened last. */
  async next(timeout: number): Promise<CapturedMessage> {
    const message = this.messages[this.#given];
    if (message === undefined) {
      await this.#change(timeout);
      return this.next(timeout);
    }
    this.#given += 1;
    return message;
  }

  clear(): void {
    this.messages.length = 0;
    this.#given = 0;
    this.note("nothing since reset()");
  }

  #change(timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(wake);
        reject(new Error(`No message came within ${timeout} ms. What happened last: ${this.#lastHeard}.`));
      }, timeout);
      this.#waiting.add(wake);
    });
  }
}
