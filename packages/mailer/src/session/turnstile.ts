/** Lets one through at a time, in the order they came: the writing side of a connection belongs to one transaction. */

export class Turnstile {
  #taken = false;
  readonly #line: (() => void)[] = [];

  /** Resolves to the function that lets the next one through; call it whatever happens. Rejects with the signal's reason. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#taken) await this.#wait(signal);
    this.#taken = true;
    return this.#leave;
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#line.splice(this.#line.indexOf(go), 1);
        reject(signal?.reason);
      };
      const go = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#line.push(go);
    });
  }

  /** It stays taken when somebody waits: nobody can slip in between. */
  readonly #leave = (): void => {
    const next = this.#line.shift();
    if (next === undefined) this.#taken = false;
    else next();
  };
}
