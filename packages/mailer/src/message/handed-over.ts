/**
 * The streams that a caller handed over with one message. They are ended when its fate is told, whether somebody read them
 * or not: a message that is refused before it is read would otherwise keep a descriptor open for ever.
 */
import { EventEmitter } from "node:events";

type Close = () => unknown;

export class HandedOver {
  /** How to end each, by the stream; nearly no message has one. */
  #held: Map<object, Close> | undefined;
  #mayOpen = false;
  #isOver = false;

  /** Finds the streams in the message before any of it is judged, so that those of a refused message are ended too. Never throws. */
  constructor(message: unknown) {
    try {
      // defence: streams-are-found-before-judging
      if (isObject(message)) this.#look(message);
    } catch {
      // A getter that throws will do so again where the message is judged.
    }
  }

  /** The octets of a stream, which ends with the message. */
  read(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    if (stream instanceof ReadableStream) {
      // By a reader of our own: to cancel the stream while it is asked for more, one has to hold its lock.
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

  /** The same outcome, and what was handed over has been ended by then. A function that opens a stream is the caller's until it is called. */
  until<T>(sending: Promise<T>): Promise<T> {
    return this.#held === undefined && !this.#mayOpen ? sending : this.#released(sending);
  }

  async #released<T>(sending: Promise<T>): Promise<T> {
    try {
      return await sending;
    } finally {
      this.#isOver = true;
      // defence: handed-over-is-ended
      for (const close of this.#held?.values() ?? []) void quietly(close);
    }
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
    // One that fails when nobody reads it, or while it is ended, would end the process.
    if (stream instanceof EventEmitter && !this.#held.has(stream)) stream.on("error", () => {});
    this.#held.set(stream, close);
    if (this.#isOver) void quietly(close);
  }
}

async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
}

/** The message is told of already, and a stream that does not end well is no news for it. */
async function quietly(close: Close): Promise<void> {
  try {
    await close();
  } catch {
    // As above.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A stream of Node's, or one of another package that is made like it. */
function isDestroyable(value: object): value is { destroy(): unknown } {
  return "destroy" in value && typeof value.destroy === "function";
}

function isIterator(value: object): value is { return(): unknown } {
  return Symbol.asyncIterator in value && "return" in value && typeof value.return === "function";
}
