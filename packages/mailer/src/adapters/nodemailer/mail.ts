/** The parts that this transport reads of what Nodemailer gives it. By shape, so that the types of any version fit. */
import type { Readable } from "node:stream";

export interface ComposedMail {
  /** The options of `sendMail`, over the defaults of `createTransport`. */
  readonly data: {
    readonly envelope?: unknown;
    readonly dsn?: unknown;
    readonly auth?: unknown;
    /** Options of `enqueue`, if the transport was made with an outbox. */
    readonly outbox?: unknown;
    readonly requireTLSExtensionEnabled?: unknown;
    readonly signal?: AbortSignal | undefined;
  };
  /** The tree of MIME parts, after the plugins of the steps `compile` and `stream`. */
  readonly message: {
    /** Addresses as Nodemailer cleaned them up; a sender of `false` is the null reverse-path. */
    getEnvelope(): { readonly from?: string | false | undefined; readonly to: string | readonly string[] };
    /** With its angle brackets. */
    messageId(): string;
    /** The value of the first field of that name, as it was given: a string, an object, or an array of either. */
    getHeader(key: string): unknown;
    createReadStream(): Readable;
  };
}
