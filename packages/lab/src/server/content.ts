/** A message as it arrives: its octets up to a limit, and how many there were. */

export class Content {
  readonly #limit: number;
  #kept: Buffer = Buffer.alloc(0);
  #size = 0;
  #end = 0;

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

  /** All of the message, or only its beginning if it is too long. */
  get octets(): Buffer {
    return Buffer.from(this.#kept.subarray(0, this.#end));
  }

  add(octets: Buffer): void {
    this.#size += octets.length;
    // Copied into one piece: otherwise a message of empty lines would be millions of small buffers.
    if (this.isTooLong) return;
    if (this.#size > this.#kept.length) this.#grow();
    this.#end += octets.copy(this.#kept, this.#end);
  }

  /** Doubles the room, so that each octet is copied at most a few times. */
  #grow(): void {
    const grown = Buffer.alloc(2 * this.#size);
    this.#kept.copy(grown, 0, 0, this.#end);
    this.#kept = grown;
  }
}
