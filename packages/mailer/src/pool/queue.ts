/** First in, first out, for a hundred thousand as for one: an array that is shifted moves all that it holds. */

export class Queue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    while (this.#head < this.#items.length && this.#items[this.#head] === undefined) this.#head += 1;
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#size += 1;
  }

  /** In front of all the others. */
  unshift(item: T): void {
    if (this.#head === 0) this.#items.unshift(item);
    else this.#items[(this.#head -= 1)] = item;
    this.#size += 1;
  }

  shift(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#size -= 1;
    // What was taken out is given back when it is more than what is left.
    if (this.#head > this.#size + 64) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }

  remove(item: T): boolean {
    const at = this.#items.indexOf(item, this.#head);
    if (at === -1) return false;
    this.#items[at] = undefined;
    this.#size -= 1;
    // What is left of those that were taken out, if it is more than what is there.
    if (this.#items.length - this.#head > 2 * this.#size + 64) {
      this.#items = this.#items.slice(this.#head).filter((one) => one !== undefined);
      this.#head = 0;
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
