/**
 * Gathers what is written in one tick into one write and one buffer, which cost less than one for each message. It goes on
 * gathering until the connection has taken the previous write.
 */
const SIZE = 256 * 1024;
/** How many slabs are kept for reuse. */
const MOST_SPARE = 4;
/** The most octets of UTF-8 for one unit of a JavaScript string. */
const WIDEST = 3;

/** Shared by all connections, and only for what TLS encrypts at once: another kind of stream could still hold a buffer that is reused. */
const spare: Buffer[] = [];

/** `number`: which slab it is, counted from 1. */
export type Write = (octets: Uint8Array, number: number, taken: (error?: Error | null) => void) => void;

/** Octets that are written into the slab itself. */
export interface Filling {
  /** The most octets that it needs. */
  readonly room: number;
  /** Returns the position after its last octet. It must write every octet up to there: old content of this memory would go out too. */
  readonly put: (target: Buffer, at: number) => number;
}

interface Gathered {
  readonly buffer: Buffer;
  end: number;
}

export class Slab {
  readonly #write: Write;
  /** Full ones first; more is gathered in the last, if it has room. */
  readonly #waiting: Gathered[] = [];
  /** How many were written. */
  #written = 0;
  /** Writes that the connection has not taken yet. */
  #underWay = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Gathers text, and a filling right after it. Returns the number of the slab that has them. Throws what `put` throws: then neither is gathered. */
  add(text: string, filling?: Filling): number {
    const most = text.length * WIDEST;
    const room = (most > SIZE ? Buffer.byteLength(text) : most) + (filling?.room ?? 0);
    if (room === 0) return this.#written + this.#waiting.length;
    const slab = this.#with(room);
    const end = slab.end + slab.buffer.write(text, slab.end, "utf8");
    slab.end = filling === undefined ? end : filling.put(slab.buffer, end);
    return this.#written + this.#waiting.length;
  }

  /** Writes the first slab, as soon as the write before it has been taken. */
  settle(): void {
    // What waits here is provably not handed over. What waited in the stream would not be.
    // defence: one-write-at-a-time
    if (this.#underWay === 0) this.#writeFirst();
  }

  /** Writes all that was gathered, at once. */
  flush(): void {
    while (this.#writeFirst());
  }

  #writeFirst(): boolean {
    const slab = this.#waiting.shift();
    if (slab === undefined) return false;
    const { buffer, end } = slab;
    this.#underWay += 1;
    this.#written += 1;
    this.#write(buffer.subarray(0, end), this.#written, (error) => {
      this.#underWay -= 1;
      // A broken connection may still read from the buffer, so it is not reused.
      if (error !== null && error !== undefined) return;
      if (buffer.length === SIZE && spare.length < MOST_SPARE) spare.push(buffer);
      this.settle();
    });
    return true;
  }

  /** One with room for that many octets. */
  #with(octets: number): Gathered {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.end + octets <= last.buffer.length) return last;
    this.settle();
    const buffer = octets > SIZE ? Buffer.allocUnsafeSlow(octets) : (spare.pop() ?? Buffer.allocUnsafeSlow(SIZE));
    const slab = { buffer, end: 0 };
    this.#waiting.push(slab);
    return slab;
  }
}
