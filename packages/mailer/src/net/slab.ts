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

export type Write = (octets: Uint8Array, taken: (error?: Error | null) => void) => void;

/** Octets that are written into the slab itself. */
export interface Filling {
  /** The most octets that it needs. */
  readonly room: number;
  /** Returns the position after its last octet. It must write every octet up to there: old content of this memory would go out too. */
  readonly put: (target: Buffer, at: number) => number;
}

export class Slab {
  readonly #write: Write;
  #buffer: Buffer | undefined;
  #end = 0;
  /** Writes that the connection has not taken yet. */
  #underWay = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Gathers text, and a filling right after it. Throws what `put` throws: then neither is gathered. */
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
      // A broken connection may still read from the buffer, so it is not reused.
      if (error !== null && error !== undefined) return;
      if (buffer.length === SIZE && spare.length < MOST_SPARE) spare.push(buffer);
      this.settle();
    });
  }

  /** A buffer with room for that many octets. */
  #with(octets: number): Buffer {
    if (this.#buffer !== undefined && this.#end + octets > this.#buffer.length) this.flush();
    if (this.#buffer === undefined) {
      this.#buffer = octets > SIZE ? Buffer.allocUnsafeSlow(octets) : (spare.pop() ?? Buffer.allocUnsafeSlow(SIZE));
      this.#end = 0;
    }
    return this.#buffer;
  }
}
