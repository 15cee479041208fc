/** An intake that waits for octets, for whoever reads a connection. One reader at a time. */
import type { Content } from "./content.ts";
import { Intake, type Reading } from "./intake.ts";

export class Inlet {
  readonly #intake: Intake;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(reading: Reading = {}) {
    this.#intake = new Intake(reading);
  }

  readonly push = (octets: Buffer): void => {
    this.#intake.push(octets);
    this.#wake?.();
  };

  readonly end = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  get isEmpty(): boolean {
    return this.#intake.isEmpty;
  }

  /** The next line without its end; `undefined` after the last whole one. Rejects with a `LineError`. */
  line(): Promise<Buffer | undefined> {
    return this.#until(() => this.#intake.line());
  }

  /** What follows 354, up to the dot alone. False if the client left within it. */
  async message(into: Content): Promise<boolean> {
    return (await this.#until(() => this.#intake.message(into) || undefined)) === true;
  }

  /** What follows BDAT. False if the client left within it. */
  async chunk(into: Content, count: number): Promise<boolean> {
    let due = count;
    const whole = await this.#until(() => {
      due = this.#intake.chunk(into, due);
      return due === 0 || undefined;
    });
    return whole === true;
  }

  /** Whatever is there, at least one octet of it. */
  some(): Promise<Buffer | undefined> {
    return this.#until(() => (this.isEmpty ? undefined : this.#intake.rest()));
  }

  /** What nobody has taken yet, without waiting. */
  rest(): Buffer {
    return this.#intake.rest();
  }

  async #until<T>(look: () => T | undefined): Promise<T | undefined> {
    let found = look();
    while (found === undefined && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      found = look();
    }
    return found;
  }
}
