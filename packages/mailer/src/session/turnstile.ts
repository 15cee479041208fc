/**
 * Which conversation may write next on a connection. The writing side belongs to one until its last octet is written, then
 * to the next, whose first commands go out before the earlier one has its replies: as many as the window allows.
 *
 * The window counts conversations without a final reply. It starts at one and grows with each message that the server takes,
 * so that a server which closes without warning leaves few in doubt. After a refusal nothing more is admitted until all are
 * answered.
 */

/** How much a conversation puts on the connection. */
export interface Load {
  /** Commands that a server could refuse: after too many refusals it closes, and its last replies may be lost. */
  readonly commands: number;
  readonly octets: number;
}

/** The load of one that goes alone: all before it are answered first, and nothing follows until it is. */
export const ALONE: Load = { commands: Infinity, octets: 0 };

/** Octets of messages without a final reply: they wait in memory for a slow connection. */
const MOST_OCTETS = 1024 * 1024;
/** MAIL, RCPT and the message, for each place in the window. */
const COMMANDS_A_PLACE = 3;

/** The right to write, and then to wait for replies. */
export interface Pass {
  /** Call it when the last octet is written: the next conversation may write. */
  readonly written: () => void;
  /** Call it when all replies are there. `clean`: nothing was refused, and the window may grow. */
  readonly done: (clean: boolean) => void;
}

interface Waiter {
  readonly load: Load;
  readonly go: (pass: Pass) => void;
}

export class Turnstile {
  readonly #limit: number;
  readonly #line: Waiter[] = [];
  #width = 1;
  #writing = false;
  #draining = false;
  #inFlight = 0;
  #commands = 0;
  #octets = 0;

  /** `limit`: how wide the window may grow. */
  constructor(limit = 1) {
    this.#limit = limit;
  }

  /** Conversations without a final reply. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether the conversation that went through last has more to write. */
  get isWriting(): boolean {
    return this.#writing;
  }

  /** Whether such a load could go through now. */
  admits(load: Load): boolean {
    return this.#line.length === 0 && this.#hasRoom(load);
  }

  /** Goes through at once: ask `admits` first. */
  take(load: Load): Pass {
    this.#writing = true;
    this.#inFlight += 1;
    this.#commands += load.commands;
    this.#octets += load.octets;
    let isWriting = true;
    let isWaiting = true;
    const written = (): void => {
      if (!isWriting) return;
      isWriting = false;
      this.#writing = false;
      this.#next();
    };
    const done = (clean: boolean): void => {
      if (!isWaiting) return;
      isWaiting = false;
      this.#leave(load, clean);
      if (isWriting) written();
      else this.#next();
    };
    return { written, done };
  }

  /** Resolves when its turn has come; rejects with the signal's reason. */
  async pass(load: Load, signal?: AbortSignal): Promise<Pass> {
    signal?.throwIfAborted();
    return this.admits(load) ? this.take(load) : this.#wait(load, signal);
  }

  /** Goes through alone. Resolves to the function that lets the next one through; call it whatever happens. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    const pass = await this.pass(ALONE, signal);
    return () => pass.done(false);
  }

  #hasRoom({ commands, octets }: Load): boolean {
    if (this.#writing) return false;
    if (this.#inFlight === 0) return true;
    if (this.#draining || this.#inFlight >= this.#width) return false;
    // defence: nothing-after-many-recipients
    return this.#commands + commands <= COMMANDS_A_PLACE * this.#width && this.#octets + octets <= MOST_OCTETS;
  }

  #wait(load: Load, signal: AbortSignal | undefined): Promise<Pass> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#line.splice(this.#line.indexOf(waiter), 1);
        reject(signal?.reason);
        this.#next();
      };
      const go = (pass: Pass): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve(pass);
      };
      const waiter = { load, go };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#line.push(waiter);
    });
  }

  #leave(load: Load, clean: boolean): void {
    this.#inFlight -= 1;
    // Infinity - Infinity is NaN, so the sum begins again once nothing is in flight.
    this.#commands = this.#inFlight === 0 ? 0 : this.#commands - load.commands;
    this.#octets -= load.octets;
    // defence: window-has-a-limit
    if (clean) this.#width = Math.min(this.#width + 1, this.#limit);
    else this.#draining = true;
    if (this.#inFlight === 0) this.#draining = false;
  }

  #next(): void {
    const [first] = this.#line;
    if (first === undefined || !this.#hasRoom(first.load)) return;
    this.#line.shift();
    // In this tick, so that no other can slip in between.
    first.go(this.take(first.load));
  }
}
