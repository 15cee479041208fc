/** Limits how many go in a period: no stretch of that length has more, whenever it begins. */

interface Taken {
  /** Infinity: it has not happened yet. */
  at: number;
  readonly count: number;
}

export class RateLimit {
  readonly most: number;
  readonly #time: number;
  /** In order, from `#head` on. */
  #taken: Taken[] = [];
  #head = 0;
  /** The sum of the counts from `#head` on. */
  #sum = 0;

  /** `time` in milliseconds. `most` may be Infinity: no limit. */
  constructor(most: number, time: number) {
    this.most = most;
    this.#time = time;
  }

  /** Milliseconds until `count` may go, or `most` if that is less; 0 for now. `now` is in milliseconds, as in `take`. */
  delay(count: number, now: number): number {
    if (this.most === Infinity) return 0;
    let sum = this.#sum + Math.min(count, this.most);
    for (let index = this.#head; ; index += 1) {
      const taken = this.#taken[index];
      if (taken === undefined) return 0;
      const left = this.#leaves(taken, now);
      if (left > now) {
        if (sum <= this.most) return 0;
        if (sum - taken.count <= this.most) return Math.ceil(left - now);
      }
      sum -= taken.count;
    }
  }

  take(count: number, now: number): void {
    this.#push({ at: now, count }, now);
  }

  /** Takes what happens later, when `happened` is called. Until then it counts as if it happened now. */
  reserve(count: number, now: number): void {
    // defence: rates-count-writes
    this.#push({ at: Infinity, count }, now);
  }

  /** Call it when all that was reserved has happened. */
  happened(now: number): void {
    for (let at = this.#taken.length - 1; this.#taken[at]?.at === Infinity; at -= 1) {
      const taken = this.#taken[at];
      if (taken !== undefined) taken.at = now;
    }
  }

  #push(taken: Taken, now: number): void {
    if (this.most === Infinity) return;
    for (let first = this.#taken[this.#head]; first !== undefined && this.#leaves(first, now) <= now;) {
      this.#sum -= first.count;
      this.#head += 1;
      first = this.#taken[this.#head];
    }
    // Frees the places before `#head` once they are more than half.
    if (this.#head > this.#taken.length / 2) {
      this.#taken = this.#taken.slice(this.#head);
      this.#head = 0;
    }
    this.#taken.push(taken);
    this.#sum += taken.count;
  }

  /** A stretch includes both of its ends, so what was taken counts a millisecond longer. */
  #leaves({ at }: Taken, now: number): number {
    // defence: no-stretch-over-the-rate
    return Math.min(at, now) + this.#time + 1;
  }
}
