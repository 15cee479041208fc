/** Where the octets of one message go: into memory, or to the caller at the caller's pace. */
import { Content } from "@postseal/lab";
import type { ArrivingMessage } from "./message.ts";

/** Octets that wait for the caller before the client has to wait. */
const ROOM = 64 * 1024;

export interface Body {
  readonly size: number;
  readonly room: Promise<void> | undefined;
  add(octets: Buffer): void;
  /** The message will not be taken. */
  refuse(why: string): void;
}

/** A message that is kept whole. One that is too long is counted, but no octet of it is kept. */
export class KeptBody implements Body {
  readonly room: undefined;
  readonly #limit: number;
  #content: Content;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#content = new Content(limit);
  }

  get size(): number {
    return this.#size;
  }

  get octets(): Buffer {
    return this.#content.octets;
  }

  add(octets: Buffer): void {
    this.#size += octets.length;
    // defence: what-is-too-large-is-not-kept
    if (this.#size > this.#limit) this.#content = new Content(0);
    this.#content.add(octets);
  }

  refuse(): void {
    this.#content = new Content(0);
  }
}

/** A message that its receiver reads while it arrives. No more than `ROOM` and what one read brings is in memory. */
export class StreamedBody implements Body {
  readonly #limit: number;
  #waiting = new Content(Infinity);
  #size = 0;
  #ended = false;
  #refusal: Error | undefined;
  #change = Promise.withResolvers<void>();
  /** How the receiver ended: `undefined` if well. Resolves early with an error if it has failed. */
  readonly #received: Promise<Error | undefined>;
  #isReceived = false;

  constructor(
    limit: number,
    message: Omit<ArrivingMessage, "octets">,
    receive: (message: ArrivingMessage) => Promise<void> | void,
  ) {
    this.#limit = limit;
    this.#received = this.#receive(message, receive);
  }

  get size(): number {
    return this.#size;
  }

  get room(): Promise<void> | undefined {
    const isFull = this.#waiting.size >= ROOM && !this.#isReceived && this.#refusal === undefined;
    return isFull ? this.#changed() : undefined;
  }

  add(octets: Buffer): void {
    this.#size += octets.length;
    if (this.#size > this.#limit) this.refuse("the message is larger than sizeLimit");
    if (this.#isReceived || this.#refusal !== undefined) return;
    this.#waiting.add(octets);
    this.#tell();
  }

  refuse(why: string): void {
    if (this.#ended) return;
    this.#refusal ??= new Error(`This message is not taken: ${why}.`);
    this.#waiting = new Content(0);
    this.#tell();
  }

  /** The message is whole. Resolves with the receiver's error if it failed. */
  finish(): Promise<Error | undefined> {
    this.#ended = true;
    this.#tell();
    return this.#received;
  }

  async #receive(
    message: Omit<ArrivingMessage, "octets">,
    receive: (message: ArrivingMessage) => Promise<void> | void,
  ): Promise<Error | undefined> {
    try {
      await receive({ ...message, octets: this.#octets() });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#isReceived = true;
      this.#waiting = new Content(0);
      this.#tell();
    }
  }

  async *#octets(): AsyncGenerator<Buffer, void> {
    while (this.#refusal === undefined) {
      const { size, octets } = this.#waiting;
      if (size > 0) {
        this.#waiting = new Content(Infinity);
        this.#tell();
        yield octets;
      } else if (this.#ended) return;
      else await this.#changed();
    }
    throw this.#refusal;
  }

  #changed(): Promise<void> {
    return this.#change.promise;
  }

  #tell(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
