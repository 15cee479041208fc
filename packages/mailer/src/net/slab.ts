/** Gathers what is written in one tick: one write costs a connection less than many, and one buffer less than one a message. */

const SIZE = 256 * 1024;
/** Slabs kept for the next that needs one, whichever connection it is. */
const MOST_SPARE = 4;
/** Up to this a copy costs less than a write of its own. */
const LONGEST_COPY = 192 * 1024;
/** At most so many octets of UTF-8 for one unit of a JavaScript string. */
const WIDEST = 3;

const spare: Buffer[] = [];

export type Write = (octets: Uint8Array, taken: (error?: Error | null) => void) => void;

export class Slab {
  readonly #write: Write;
  #buffer: Buffer | undefined;
  #end = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  text(text: string): void {
    const most = text.length * WIDEST;
    if (most > LONGEST_COPY) return this.octets(Buffer.from(text));
    const buffer = this.#with(most);
    this.#end += buffer.write(text, this.#end, "utf8");
  }

  octets(octets: Uint8Array): void {
    if (octets.length > LONGEST_COPY) {
      this.flush();
      this.#write(octets, () => {});
      return;
    }
    this.#with(octets.length).set(octets, this.#end);
    this.#end += octets.length;
  }

  flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    this.#buffer = undefined;
    this.#write(buffer.subarray(0, this.#end), (error) => {
      // What a broken connection was to write may still be read from; then it is not used again.
      if ((error === null || error === undefined) && spare.length < MOST_SPARE) spare.push(buffer);
    });
  }

  /** A buffer with room for so many octets. */
  #with(octets: number): Buffer {
    if (this.#buffer !== undefined && this.#end + octets > SIZE) this.flush();
    if (this.#buffer === undefined) {
      this.#buffer = spare.pop() ?? Buffer.allocUnsafeSlow(SIZE);
      this.#end = 0;
    }
    return this.#buffer;
  }
}
