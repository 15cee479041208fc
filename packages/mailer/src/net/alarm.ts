/**
 * One timer for a whole connection. Moving a deadline later costs one comparison: the timer is set again only when it runs
 * out too early.
 *
 * After a process was stopped or busy, its timers are due before it has read what came meanwhile. So what has arrived is read
 * before an alarm rings: that may move the deadline.
 */

import { LONGEST_TIMER } from "../policy/whole-numbers.ts";

export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When to ring, and when the timer that is set will run out; both by `performance.now()`. */
  #due = Infinity;
  #runsOut = Infinity;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings that many milliseconds from now, and no earlier: what was set before is forgotten. */
  set(milliseconds: number): void {
    const now = performance.now();
    this.#due = now + milliseconds;
    if (this.#timer !== undefined && this.#runsOut <= this.#due) this.#timer.ref();
    else this.#start(milliseconds, now);
  }

  /** Until it is set again it does not ring, and keeps no process alive. */
  disarm(): void {
    this.#due = Infinity;
    this.#timer?.unref();
  }

  cancel(): void {
    this.#due = Infinity;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(milliseconds: number, now: number): void {
    clearTimeout(this.#timer);
    const wait = Math.min(milliseconds, LONGEST_TIMER);
    this.#runsOut = now + wait;
    this.#timer = setTimeout(this.#onTimer, wait);
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    if (this.#due === Infinity) return;
    const now = performance.now();
    // defence: read-before-a-deadline
    if (this.#due > now) this.#start(Math.ceil(this.#due - now), now);
    else setImmediate(this.#onRead);
  };

  /** Timers come first in a turn of the event loop, then what was received, then this. */
  readonly #onRead = (): void => {
    if (this.#due > performance.now()) return;
    this.#due = Infinity;
    this.#ring();
  };
}
