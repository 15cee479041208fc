/** The octets of one message before dot-stuffing: what the composer makes and a transaction sends. */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";

export interface Content {
  /** The size in octets, if it is known before reading: with CRLF line ends, before dot-stuffing. */
  readonly size: number | undefined;
  /** Writes all `size` octets into a buffer; `undefined` unless the whole message is in memory. */
  readonly put: Put | undefined;
  /** Whether it has octets over 127; `undefined` if only reading can show that. */
  readonly eightBit: boolean | undefined;
  /** The attached message that has octets over 127, as the caller would name it; `undefined` if none has. */
  readonly eightBitIn: string | undefined;
  /** Whether it is known that no line is command-like: only then may the message be sent in chunks (BDAT). */
  readonly commandFree: boolean;
  /** Whether `open` may be called again, so that a message that is proved unsent can be sent again. */
  readonly replayable: boolean;
  /**
   * Reads the message as chunks of any size, the last of which ends with CRLF. The memory of a chunk may be reused when
   * the next but one is requested.
   * A body that turns out bad throws `InputError` in flight: the transaction is aborted and its fate is `unsent`.
   */
  open(limits: ContentLimits): AsyncIterable<Uint8Array>;
}

/** `target` must have enough room after `at`. Returns the end, which is not the expected one if the caller's memory has changed. */
export type Put = (target: Buffer, at: number) => number;

export interface ContentLimits {
  /** False if the server lacks 8BITMIME: then an octet over 127 throws. */
  readonly eightBit: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A message that is wholly in memory: as text that is sent in UTF-8, or with one character for each octet. */
export function textContent(
  text: string,
  encoding: "utf8" | "latin1",
  eightBit: boolean,
  commandFree: boolean,
): Content {
  return {
    size: encoding === "latin1" ? text.length : Buffer.byteLength(text),
    put: (target, at) => at + target.write(text, at, encoding),
    eightBit,
    eightBitIn: undefined,
    commandFree,
    replayable: true,
    open: (limits) => limited(once(Buffer.from(text, encoding)), eightBit, limits),
  };
}

/** Passes on what `source` yields, but throws if the server cannot take it or the caller aborts. */
export async function* limited(
  source: AsyncIterable<Uint8Array>,
  eightBit: boolean,
  limits: ContentLimits,
): AsyncGenerator<Uint8Array> {
  if (eightBit) judgeEightBit(limits);
  limits.signal?.throwIfAborted();
  for await (const chunk of source) {
    limits.signal?.throwIfAborted();
    yield chunk;
  }
}

export function judgeEightBit(limits: ContentLimits): void {
  if (limits.eightBit) return;
  throw new InputError(
    "MAIL_INPUT_MESSAGE",
    "message",
    "has octets over 127, and the server does not take them (8BITMIME). It is not re-encoded, since that would break its signatures.",
  );
}

/** Octets in memory as a stream of one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
