/**
 * The store as a worker uses it. While it cannot be written, what became of messages stays in memory and is tried again, and
 * nothing new is begun: what the server said must not be lost because a disk is full for a while.
 */
import { OutboxError } from "../errors/outbox-error.ts";
import type { Name, Requests, Results, Store } from "../store/operations.ts";

/** Milliseconds between two tries. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

export class Storeroom {
  readonly #store: Store;
  readonly #stop: AbortSignal;
  /** Calls that are being tried again. */
  #away = 0;

  /** After `stop` aborts, nothing is tried again. */
  constructor(store: Store, stop: AbortSignal) {
    this.#store = store;
    this.#stop = stop;
  }

  /** Whether something waits to be written. */
  get isAway(): boolean {
    return this.#away > 0;
  }

  /** Once; fails as the store does. */
  call<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]> {
    return this.#store.call(name, request);
  }

  /** Until it works. Rejects if it never will, or if `stop` aborts before. */
  async insist<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]> {
    let pause = 0;
    for (;;) {
      try {
        return await this.#store.call(name, request);
      } catch (error) {
        if (!isPassing(error) || this.#stop.aborted) throw error;
      }
      pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pause * 2));
      this.#away += 1;
      // defence: reply-outlives-a-full-disk
      await sleep(pause, this.#stop);
      this.#away -= 1;
    }
  }
}

export function isPassing(error: unknown): error is OutboxError {
  return error instanceof OutboxError && error.disposition === "retry";
}

/** Resolves after so many milliseconds, or when the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const done = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", done);
    resolve();
  };
  const timer = setTimeout(done, milliseconds);
  signal.addEventListener("abort", done);
  return promise;
}
