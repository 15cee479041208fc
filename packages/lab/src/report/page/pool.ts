/** Values that are said once and then referred to by their place. */

export class Pool<T extends string | readonly unknown[]> {
  readonly #places: Map<string, number> = new Map();
  readonly #values: T[] = [];
  #octets = 0;

  get values(): readonly T[] {
    return this.#values;
  }

  /** Of all values as JSON. */
  get octets(): number {
    return this.#octets;
  }

  /** Its place, which is the same for an equal value. */
  add(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#octets += Buffer.byteLength(key);
    this.#places.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }
}
