/** An intake that waits for octets from a connection. One reader at a time. */
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

  /** Reads what follows 354, up to the final dot. False if the client left before it. */
  async message(into: Content): Promise<boolean> {
    return (await this.#until(() => this.#intake.message(into) || undefined)) === true;
  }

  /** Reads what follows BDAT. False if the client left before its end. */
  async chunk(into: Content, count: number): Promise<boolean> {
    let due = count;
    const whole = await this.#until(() => {
      due = this.#intake.chunk(into, due);
      return due === 0 || undefined;
    });
    return whole === true;
  }

  /** Takes everything that is there, and waits for at least one octet. */
  some(): Promise<Buffer | undefined> {
    return this.#until(() => (this.isEmpty ? undefined : this.#intake.rest()));
  }

  /** Waits for at least one octet, and takes none. */
  any(): Promise<true | undefined> {
    return this.#until(() => (this.isEmpty ? undefined : true));
  }

  /** Takes everything that is there, without waiting. */
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
