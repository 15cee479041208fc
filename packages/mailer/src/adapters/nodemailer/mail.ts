/** What Nodemailer hands to a transport, as far as this one reads it. By shape, so that any version's own types fit. */
import type { Readable } from "node:stream";

export interface ComposedMail {
  /** What `sendMail` was called with, over the defaults of `createTransport`. */
  readonly data: {
    readonly envelope?: unknown;
    readonly dsn?: unknown;
    readonly auth?: unknown;
    readonly requireTLSExtensionEnabled?: unknown;
    readonly signal?: AbortSignal | undefined;
  };
  /** The tree of MIME parts, once the plugins of the steps `compile` and `stream` are through with it. */
  readonly message: {
    /** Addresses as Nodemailer cleaned them up; a sender of `false` is the null reverse-path. */
    getEnvelope(): { readonly from?: string | false | undefined; readonly to: string | readonly string[] };
    /** With its angle brackets. */
    messageId(): string;
    /** The value of the first such field as it was given: a string, an object, or an array of either. */
    getHeader(key: string): unknown;
    createReadStream(): Readable;
  };
}
