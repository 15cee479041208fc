/** A password or token that prints as `[secret]`, however it is printed. */
import { inspect } from "node:util";

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The only way to the value. Call it where the octets are made that go to the sealed channel, and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  static {
    Object.defineProperty(Secret.prototype, inspect.custom, { value: () => "[secret]" });
  }
}
