/** A password or token that prints as `[secret]`, however it is printed. */

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The only way to the value. Call it only to make the octets for the sealed channel. */
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
    // Node's `inspect.custom` by its registered name, to import nothing.
    Object.defineProperty(Secret.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => "[secret]" });
  }
}
