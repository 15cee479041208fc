/** Values that are stored once and then referred to by their place. */
import { inertJson } from "../json.ts";

export class Pool<T extends string | readonly unknown[]> {
  readonly #places: Map<string, number> = new Map();
  readonly #values: T[] = [];
  #octets = 0;

  get values(): readonly T[] {
    return this.#values;
  }

  /** The size of all values as JSON. */
  get octets(): number {
    return this.#octets;
  }

  /** Returns the value's place, which is the same for equal values. */
  add(value: T): number {
    const key = inertJson(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#octets += key.length;
    this.#places.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }
}
