/** A message that is judged and laid out, which a caller may keep, read, and give to `send`. */
import type { DsnOptions, PreparedMessage } from "./envelope.ts";
import type { HandedOver } from "./handed-over.ts";

/** What `composeMessage` returns. With its `envelope`, `octets` and the rest one can make a `ReadyMessage` of it, at any later time. */
export class Composed {
  /** Who gets bounces (empty for the null reverse-path), and who gets the message, each once. Domains are A-labels. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** With its angle brackets; absent if a ready-made message has none, or is a stream that has not been read. */
  readonly messageId: string | undefined;
  /** In octets, with CRLF line ends; `undefined` if only reading can show it. */
  readonly size: number | undefined;
  /** Whether the envelope or a header needs SMTPUTF8. */
  readonly smtpUtf8: boolean;
  readonly requireTls: boolean;
  readonly dsn: DsnOptions | undefined;
  readonly #prepared: PreparedMessage;
  readonly #handed: HandedOver;

  constructor(prepared: PreparedMessage, handed: HandedOver) {
    const { envelope, messageId, content, smtpUtf8, requireTls, dsn } = prepared;
    this.#prepared = prepared;
    this.#handed = handed;
    this.envelope = Object.freeze({ from: envelope.reversePath, to: Object.freeze([...envelope.forwardPaths]) });
    this.messageId = messageId;
    this.size = content.size;
    this.smtpUtf8 = smtpUtf8;
    this.requireTls = requireTls;
    this.dsn = dsn === undefined ? undefined : Object.freeze({ ...dsn });
    // What is sent is what was judged, so a change here would do nothing.
    Object.freeze(this);
  }

  static is(value: unknown): value is Composed {
    return typeof value === "object" && value !== null && #prepared in value;
  }

  /** What a transaction needs of it, and the streams that it was made of. */
  static read(composed: Composed): { readonly prepared: PreparedMessage; readonly handed: HandedOver } {
    return { prepared: composed.#prepared, handed: composed.#handed };
  }

  /**
   * The message as it is sent, in chunks that stay as they are. It can be read again if all that it was made of can: an async
   * iterable among its sources is read once. Throws `InputError` if a source fails or has changed.
   */
  async *octets(): AsyncGenerator<Uint8Array, void> {
    const { content } = this.#prepared;
    for await (const chunk of this.#handed.reading(content.open({ eightBit: true }))) yield new Uint8Array(chunk);
  }
}
