/** How long to leave a server alone that did not serve us: not at all after one failure, which may be chance, then ever longer. */

/** Milliseconds. */
const FIRST = 1_000;
const LONGEST = 60_000;

export class BackOff {
  #failures = 0;
  #until = 0;

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Milliseconds until the next attempt; 0 for now. */
  delay(now: number = performance.now()): number {
    return Math.max(0, Math.ceil(this.#until - now));
  }

  failed(now: number = performance.now()): void {
    this.#failures += 1;
    const wait = this.#failures < 2 ? 0 : Math.min(LONGEST, FIRST * 2 ** (this.#failures - 2));
    this.#until = now + wait;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
