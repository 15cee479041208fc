/** So many in a time: what was not used is saved up for one such time, and no longer. */

export class RateLimit {
  readonly #most: number;
  readonly #time: number;
  #saved: number;
  #at: number;

  /** `time` in milliseconds. */
  constructor(most: number, time: number, now: number = performance.now()) {
    this.#most = most;
    this.#time = time;
    this.#saved = most;
    this.#at = now;
  }

  /** Milliseconds until so many may go; 0 for now. What is more than all that can be saved up goes when that is. */
  delay(count: number, now: number = performance.now()): number {
    if (this.#most === Infinity) return 0;
    this.#save(now);
    const missing = Math.min(count, this.#most) - this.#saved;
    return missing <= 0 ? 0 : Math.ceil((missing * this.#time) / this.#most);
  }

  take(count: number): void {
    this.#saved -= count;
  }

  #save(now: number): void {
    this.#saved = Math.min(this.#most, this.#saved + ((now - this.#at) * this.#most) / this.#time);
    this.#at = now;
  }
}
