/** A message as it arrives: its octets up to a limit, and how many there were. */
import type { Sink } from "./intake.ts";

/** Octets of the first block and of the longest; each of those between has as many as all blocks before it. */
const [SHORTEST, LONGEST] = [4 * 1024, 1024 * 1024];

export class Content implements Sink {
  readonly #limit: number;
  /** Blocks that are full, then the one that is not: octets are copied into it, since a message of empty lines would be millions of small buffers. */
  readonly #full: Buffer[] = [];
  #block: Buffer = Buffer.alloc(0);
  #end = 0;
  #size = 0;

  /** `limit`: how many octets are kept at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets that came, kept or not. */
  get size(): number {
    return this.#size;
  }

  get isTooLong(): boolean {
    return this.#size > this.#limit;
  }

  /** All of the message, or only its beginning if it is too long. Joined anew at each call. */
  get octets(): Buffer {
    return Buffer.concat([...this.#full, this.#block.subarray(0, this.#end)]);
  }

  add(octets: Buffer): void {
    const before = this.#size;
    this.#size += octets.length;
    if (this.isTooLong) return;
    const copied = octets.copy(this.#block, this.#end);
    this.#end += copied;
    if (copied === octets.length) return;
    if (this.#end > 0) this.#full.push(this.#block);
    const rest = octets.subarray(copied);
    this.#block = Buffer.alloc(Math.max(rest.length, Math.min(LONGEST, Math.max(SHORTEST, before))));
    this.#end = rest.copy(this.#block);
  }
}
