/** Octets that came in and were not taken yet. They are neither copied nor searched again for each new piece. */

export class OctetQueue {
  #octets: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Before this there is no LF. */
  #searched = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  get first(): number | undefined {
    return this.size === 0 ? undefined : this.#octets[this.#start];
  }

  /** The length of the first line with its LF; 0 while the LF is missing. */
  get lineLength(): number {
    const at = this.#octets.subarray(0, this.#end).indexOf(10, this.#searched);
    this.#searched = at === -1 ? this.#end : at;
    return at === -1 ? 0 : at + 1 - this.#start;
  }

  add(chunk: Buffer): void {
    if (this.size === 0) {
      this.#hold(chunk);
      return;
    }
    if (this.#octets.length - this.#end < chunk.length) this.#grow(chunk.length);
    this.#end += chunk.copy(this.#octets, this.#end);
  }

  /** Puts back octets that were read too far. */
  unread(octets: Buffer): void {
    this.#hold(Buffer.concat([octets, this.take(this.size)]));
  }

  /** Not a copy: octets that were taken are never overwritten. */
  take(count: number): Buffer {
    const taken = this.#octets.subarray(this.#start, Math.min(this.#start + count, this.#end));
    this.#start += taken.length;
    this.#searched = Math.max(this.#searched, this.#start);
    return taken;
  }

  #hold(octets: Buffer): void {
    this.#octets = octets;
    [this.#start, this.#end, this.#searched] = [0, octets.length, 0];
  }

  /** Doubles the room, so that each octet is copied at most a few times. */
  #grow(more: number): void {
    const { size } = this;
    const grown = Buffer.alloc(2 * (size + more));
    this.#octets.copy(grown, 0, this.#start, this.#end);
    this.#searched -= this.#start;
    [this.#octets, this.#start, this.#end] = [grown, 0, size];
  }
}
