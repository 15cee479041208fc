/**
 * A clock that moves only when nothing else happens, so that minutes of waiting take a test no time. It replaces the
 * global timers and `performance.now()`, the only clocks that the mailer uses.
 */
import { setImmediate as turn } from "node:timers/promises";

interface Timer {
  readonly due: number;
  readonly ring: () => void;
  isNeeded: boolean;
}

/** After this many turns of the event loop without a sign of life, everything waits for a timer. */
const QUIET = 30;

export class Clock implements Disposable {
  now = 0;
  readonly #timers = new Set<Timer>();
  readonly #restore: readonly (() => void)[];
  #isOver = false;

  /** `life` returns a number that grows while something happens. */
  constructor(life: () => number) {
    this.#restore = [
      replaced(performance, "now", () => this.now),
      replaced(globalThis, "setTimeout", (ring: () => void, milliseconds = 1) => this.#start(ring, milliseconds)),
      replaced(globalThis, "clearTimeout", (handle: { readonly stop?: () => void } | undefined) => handle?.stop?.()),
    ];
    void this.#run(life);
  }

  /** Timers that keep the process alive. */
  get needed(): number {
    return [...this.#timers].filter(({ isNeeded }) => isNeeded).length;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const restore of this.#restore) restore();
  }

  #start(ring: () => void, milliseconds: number): unknown {
    const timer: Timer = { due: this.now + Math.max(1, milliseconds), ring, isNeeded: true };
    this.#timers.add(timer);
    const handle = {
      stop: () => this.#timers.delete(timer),
      ref: () => {
        timer.isNeeded = true;
        return handle;
      },
      unref: () => {
        timer.isNeeded = false;
        return handle;
      },
    };
    return handle;
  }

  async #run(life: () => number): Promise<void> {
    let [seen, since] = [life(), 0];
    while (!this.#isOver) {
      await turn();
      since += 1;
      if (life() !== seen) [seen, since] = [life(), 0];
      if (since < QUIET) continue;
      since = 0;
      this.#ringNext();
    }
  }

  #ringNext(): void {
    const [next] = [...this.#timers].toSorted((one, other) => one.due - other.due);
    if (next === undefined) return;
    this.#timers.delete(next);
    this.now = Math.max(this.now, next.due);
    next.ring();
  }
}

/** By the clock that runs, which may be a false one. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Not `mock.method`, which remembers every call. Returns a function that puts the original back. */
function replaced(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
