/** A first-in-first-out queue for a hundred thousand items: an array's `shift` would move all of them. */

export interface Placed {
  /** Its place in the queue; only the queue uses it. */
  place: number;
}

export class Queue<T extends Placed> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #size = 0;
  /** The place of the first of `#items`. */
  #base = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    while (this.#head < this.#items.length && this.#items[this.#head] === undefined) this.#head += 1;
    return this.#items[this.#head];
  }

  push(item: T): void {
    item.place = this.#base + this.#items.length;
    this.#items.push(item);
    this.#size += 1;
  }

  /** Puts it before all others. */
  unshift(item: T): void {
    if (this.#head === 0) {
      this.#items.unshift(item);
      this.#base -= 1;
    } else this.#items[(this.#head -= 1)] = item;
    item.place = this.#base + this.#head;
    this.#size += 1;
  }

  shift(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#size -= 1;
    // Frees the places of removed items once they are more than the items left.
    if (this.#head > this.#size + 64) {
      this.#items = this.#items.slice(this.#head);
      this.#base += this.#head;
      this.#head = 0;
    }
    return first;
  }

  remove(item: T): boolean {
    const at = item.place - this.#base;
    if (this.#items[at] !== item) return false;
    this.#items[at] = undefined;
    this.#size -= 1;
    // Rebuilds the array once the places of removed items are more than the items left.
    if (this.#items.length - this.#head > 2 * this.#size + 64) {
      for (const one of this.clear()) this.push(one);
    }
    return true;
  }

  /** Takes out everything. */
  clear(): readonly T[] {
    const all = this.#items.slice(this.#head).filter((item) => item !== undefined);
    this.#items = [];
    this.#head = 0;
    this.#size = 0;
    return all;
  }
}
