/** Octets on their way in, taken out by line or by count. A line ends with CRLF and nothing else (RFC 5321 section 2.3.8). */

/** A bare CR or LF: two readers would not agree on where the line ends, which is how messages are smuggled. */
export class BareLineEnd extends Error {}

const [CR, LF] = [0x0d, 0x0a];
/** Longer than any line of a message or command that keeps to the standard. */
const LONGEST_LINE = 64 * 1024;

export class Intake {
  #pending: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | undefined;

  readonly push = (chunk: Buffer): void => {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    this.#wake?.();
  };

  readonly end = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Without its CRLF; `undefined` after the last whole one. Throws `BareLineEnd`. */
  async line(): Promise<Buffer | undefined> {
    const end = await this.#until(() => this.#lineEnd());
    return end === undefined ? undefined : this.#take(end).subarray(0, -2);
  }

  async octets(count: number): Promise<Buffer | undefined> {
    const end = await this.#until(() => (this.#pending.length >= count ? count : undefined));
    return end === undefined ? undefined : this.#take(end);
  }

  #lineEnd(): number | undefined {
    const end = this.#pending.indexOf(LF);
    if (end === -1) {
      if (this.#pending.length > LONGEST_LINE) throw new BareLineEnd("a line without an end");
      return undefined;
    }
    const cr = this.#pending.indexOf(CR);
    if (cr !== end - 1) throw new BareLineEnd("a bare CR or LF");
    return end + 1;
  }

  #take(count: number): Buffer {
    const taken = this.#pending.subarray(0, count);
    this.#pending = this.#pending.subarray(count);
    return taken;
  }

  async #until(look: () => number | undefined): Promise<number | undefined> {
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
