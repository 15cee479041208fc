/**
 * Gathers what is written in one tick: one write costs a connection less than many, and one buffer less than one a message.
 * While the connection has not taken the write before, more is gathered.
 */
const SIZE = 256 * 1024;
/** Slabs kept for the next that needs one, whichever connection it is. */
const MOST_SPARE = 4;
/** At most so many octets of UTF-8 for one unit of a JavaScript string. */
const WIDEST = 3;

/** For all connections, and only for what TLS encrypts at once: another kind of stream could still hold it when it is used again. */
const spare: Buffer[] = [];

export type Write = (octets: Uint8Array, taken: (error?: Error | null) => void) => void;

/** Octets that are written into the slab itself. */
export interface Filling {
  /** Octets that it needs at most. */
  readonly room: number;
  /** Returns where it ends. It has written all that lies before: what was left in this memory would go out as well. */
  readonly put: (target: Buffer, at: number) => number;
}

export class Slab {
  readonly #write: Write;
  #buffer: Buffer | undefined;
  #end = 0;
  /** Writes that the connection has not taken. */
  #underWay = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Text, and what follows it at once. Throws what `put` throws: then nothing of either is gathered. */
  add(text: string, filling?: Filling): void {
    const most = text.length * WIDEST;
    const room = (most > SIZE ? Buffer.byteLength(text) : most) + (filling?.room ?? 0);
    if (room === 0) return;
    const buffer = this.#with(room);
    const end = this.#end + buffer.write(text, this.#end, "utf8");
    this.#end = filling === undefined ? end : filling.put(buffer, end);
  }

  /** Writes what was gathered, as soon as the write before it has been taken. */
  settle(): void {
    if (this.#underWay === 0) this.flush();
  }

  /** Writes what was gathered, at once. */
  flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    this.#buffer = undefined;
    this.#underWay += 1;
    this.#write(buffer.subarray(0, this.#end), (error) => {
      this.#underWay -= 1;
      // What a broken connection was to write may still be read from; then it is not used again.
      if (error !== null && error !== undefined) return;
      if (buffer.length === SIZE && spare.length < MOST_SPARE) spare.push(buffer);
      this.settle();
    });
  }

  /** A buffer with room for so many octets. */
  #with(octets: number): Buffer {
    if (this.#buffer !== undefined && this.#end + octets > this.#buffer.length) this.flush();
    if (this.#buffer === undefined) {
      this.#buffer = octets > SIZE ? Buffer.allocUnsafeSlow(octets) : (spare.pop() ?? Buffer.allocUnsafeSlow(SIZE));
      this.#end = 0;
    }
    return this.#buffer;
  }
}
