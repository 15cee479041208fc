/** An intake that waits for octets from a connection. One reader at a time. */
import { Intake, type Reading, type Sink } from "./intake.ts";

export class Inlet {
  readonly #intake: Intake;
  readonly #onWant: () => void;
  #ended = false;
  #wake: (() => void) | undefined;

  /** `onWant` is called whenever a reader needs more octets than are there. */
  constructor(reading: Reading = {}, onWant: () => void = () => undefined) {
    this.#intake = new Intake(reading);
    this.#onWant = onWant;
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
    return this.size === 0;
  }

  /** Octets that were not read yet. */
  get size(): number {
    return this.#intake.size;
  }

  /** The next line without its end; `undefined` after the last whole one. Rejects with a `LineError`. */
  line(): Promise<Buffer | undefined> {
    return this.#until(() => this.#intake.line());
  }

  /** Reads what follows 354, up to the final dot. False if the client left before it. */
  async message(into: Sink): Promise<boolean> {
    return (await this.#until(() => this.#intake.message(into) || undefined, into)) === true;
  }

  /** Reads what follows BDAT. False if the client left before its end. */
  async chunk(into: Sink, count: number): Promise<boolean> {
    let due = count;
    const whole = await this.#until(() => {
      due = this.#intake.chunk(into, due);
      return due === 0 || undefined;
    }, into);
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

  /** Looks again after each arrival, but reads no further while the sink has no room. */
  async #until<T>(look: () => T | undefined, into?: Sink): Promise<T | undefined> {
    let found = look();
    while (found === undefined && !this.#ended) {
      await (into?.room ?? this.#arrival());
      found = look();
    }
    return found;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#onWant();
    });
  }
}
