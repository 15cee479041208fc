/** The octets of one message as they go over the wire, before dot-stuffing: what the composer makes and a transaction sends. */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";

export interface Content {
  /** Octets, where they are known before reading. With CRLF line ends, before dot-stuffing. */
  readonly size: number | undefined;
  /** Where all of it is in memory: puts its `size` octets at a place in `target`. */
  readonly put: Put | undefined;
  /** Whether it has octets over 127; `undefined` where only reading will tell. */
  readonly eightBit: boolean | undefined;
  /** Whether it is known that no line of it is command-like: only then it may go as a chunk. */
  readonly commandFree: boolean;
  /** Whether `open` may be called again, so that what is proved unsent can be sent again. */
  readonly replayable: boolean;
  /**
   * Reads the message. It yields whole chunks of any size and ends with CRLF. The memory of a chunk may be used again when
   * the next but one is asked for.
   * A body that turns out bad throws `InputError` in flight: the transaction is aborted and its fate is `unsent`.
   */
  open(limits: ContentLimits): AsyncIterable<Uint8Array>;
}

/** `target` has room enough behind `at`. Returns where it ends: not where it should, if the caller's memory has changed. */
export type Put = (target: Buffer, at: number) => number;

export interface ContentLimits {
  /** False where the server lacks 8BITMIME: then an octet over 127 throws. */
  readonly eightBit: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A message that is in memory as a whole: in UTF-8, or a character for each octet. */
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
    commandFree,
    replayable: true,
    open: (limits) => limited(once(Buffer.from(text, encoding)), eightBit, limits),
  };
}

/** Passes on what `source` yields, unless it may not be sent like this or the caller aborts. */
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
