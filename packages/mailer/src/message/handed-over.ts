/**
 * The streams that a caller handed over with one message. They are ended when its fate is known, whether they were read or
 * not: a message that is refused unread would otherwise keep a file descriptor open for ever.
 */
import { EventEmitter } from "node:events";

type Close = () => unknown;

export class HandedOver {
  /** How to end each stream; created late, since hardly any message has one. */
  #held: Map<object, Close> | undefined;
  #mayOpen = false;
  /** Sends and readings under way. A composed message may have several; any other has one. */
  #uses = 0;
  #isOver = false;

  /** Finds the streams before the message is judged, so that those of a refused message are ended too. Never throws. */
  constructor(message: unknown) {
    try {
      // defence: streams-are-found-before-judging
      if (isObject(message)) this.#look(message);
    } catch {
      // A getter that throws here will throw again when the message is judged.
    }
  }

  /** The octets of a stream, which is ended together with the message. */
  read(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    if (stream instanceof ReadableStream) {
      // With our own reader: only the holder of the stream's lock can cancel it during a read.
      const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader();
      this.#hold(stream, () => reader.cancel());
      return chunks(reader);
    }
    if (isDestroyable(stream)) {
      this.#hold(stream, () => stream.destroy());
      return stream;
    }
    const iterator = stream[Symbol.asyncIterator]();
    this.#hold(stream, () => iterator.return?.());
    return { [Symbol.asyncIterator]: () => iterator };
  }

  /** Settles like what `send` returns, after ending the streams. A stream that a function would open is the caller's until it is called. */
  until<T>(send: () => Promise<T>): Promise<T> {
    return this.#held === undefined && !this.#mayOpen ? send() : this.#released(send);
  }

  /** Passes on what is read, and ends the streams after it, also if the reader leaves early. */
  async *reading(octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.#begin();
    try {
      yield* octets;
    } finally {
      this.#end();
    }
  }

  /** What `make` resolves to; ends the streams if it fails. */
  async unless<T>(make: () => Promise<T>): Promise<T> {
    this.#begin();
    try {
      const made = await make();
      this.#uses -= 1;
      return made;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async #released<T>(send: () => Promise<T>): Promise<T> {
    this.#begin();
    try {
      return await send();
    } finally {
      this.#end();
    }
  }

  #begin(): void {
    this.#uses += 1;
    this.#isOver = false;
  }

  #end(): void {
    this.#uses -= 1;
    if (this.#uses > 0) return;
    this.#isOver = true;
    // defence: handed-over-is-ended
    for (const close of this.#held?.values() ?? []) void quietly(close);
    this.#held?.clear();
  }

  #look(message: object): void {
    if (Object.hasOwn(message, "message") && "message" in message) this.#note(message.message);
    const attachments = Object.hasOwn(message, "attachments") && "attachments" in message ? message.attachments : [];
    if (!Array.isArray(attachments)) return;
    const list: readonly unknown[] = attachments;
    for (let index = 0; index < list.length; index++) {
      const attachment = list[index];
      if (isObject(attachment) && Object.hasOwn(attachment, "source") && "source" in attachment)
        this.#note(attachment.source);
    }
  }

  #note(source: unknown): void {
    if (typeof source === "function") this.#mayOpen = true;
    if (!isObject(source)) return;
    if (source instanceof ReadableStream) this.#hold(source, () => source.cancel());
    else if (isDestroyable(source)) this.#hold(source, () => source.destroy());
    else if (isIterator(source)) this.#hold(source, () => source.return());
  }

  #hold(stream: object, close: Close): void {
    this.#held ??= new Map();
    // Without a listener, an error of a stream that nobody reads, or that is being ended, would end the process.
    if (stream instanceof EventEmitter && !this.#held.has(stream)) stream.on("error", () => {});
    this.#held.set(stream, close);
    if (this.#isOver) void quietly(close);
  }
}

async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
}

/** The message's fate is already known: a stream that fails to close does not change it. */
async function quietly(close: Close): Promise<void> {
  try {
    await close();
  } catch {
    // See above.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A Node stream, or another package's stream with the same method. */
function isDestroyable(value: object): value is { destroy(): unknown } {
  return "destroy" in value && typeof value.destroy === "function";
}

function isIterator(value: object): value is { return(): unknown } {
  return Symbol.asyncIterator in value && "return" in value && typeof value.return === "function";
}
