/** What a caller may send: a message to compose, or one that is ready-made. */
import type { Composed } from "./composed.ts";
import type { DsnOptions } from "./envelope.ts";

/**
 * One mailbox: `alice@example.org`, `Alice <alice@example.org>`, or its parts.
 * A string holds exactly one; several go into an array, so that a comma in a name cannot add a recipient.
 */
export type AddressInput = string | { readonly name?: string; readonly address: string };
export type AddressesInput = AddressInput | readonly AddressInput[];

/** Octets that are read while they are sent. A function is called again for another attempt; an iterable can be read only once. */
export type OctetStream =
  | AsyncIterable<Uint8Array>
  | (() => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>);

/** Postseal writes the message. Header fields and bodies are judged before connecting. */
export interface ComposedMessage {
  readonly from: AddressesInput;
  /** Required if `from` names several (RFC 5322 section 3.6.2). If given, it is the reverse-path. */
  readonly sender?: AddressInput | undefined;
  readonly to?: AddressesInput | undefined;
  readonly cc?: AddressesInput | undefined;
  /** Recipients that no header names. */
  readonly bcc?: AddressesInput | undefined;
  readonly replyTo?: AddressesInput | undefined;
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** Further forms of the body, such as `text/x-amp-html` or `text/markdown`: sent between `text` and `html`, in this order. */
  readonly alternatives?: readonly Alternative[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly calendar?: Calendar | undefined;
  readonly list?: ListFields | undefined;
  /** Additional header fields. Fields that another option writes are refused. */
  readonly headers?: HeadersInput | undefined;
  /** With its angle brackets. Default: a random one at the domain of `from`. */
  readonly messageId?: string | undefined;
  /** A `Date` is written in UTC; a text such as `2026-11-28T12:00:00+01:00` (RFC 3339) with its offset. Default: now. */
  readonly date?: Date | string | undefined;
  /** Message-IDs with their angle brackets: an array, or a text with spaces between them. */
  readonly inReplyTo?: string | readonly string[] | undefined;
  /** Message-IDs with their angle brackets, oldest first: an array, or a text with spaces between them. */
  readonly references?: string | readonly string[] | undefined;
  /** How urgent mail programs show it to be. Default: nothing is said, which is `normal`. */
  readonly priority?: Priority | undefined;
  /** Who gets bounces and who gets the message, instead of the addresses in the headers. `from: ""` is the null reverse-path. */
  readonly envelope?: { readonly from?: string; readonly to?: string | readonly string[] } | undefined;
  readonly dsn?: DsnOptions | undefined;
  /**
   * Every server on the way has to pass the message on over verified TLS or send it back (RFC 8689). It is sent only to a
   * server that offers REQUIRETLS. Without this, we cannot decide what happens beyond the first server.
   */
  readonly requireTls?: boolean | undefined;
}

/** A whole RFC 5322 message. It is judged but never re-encoded, so that its signatures stay valid. */
export interface ReadyMessage {
  /** Plain mailboxes. `from: ""` is the null reverse-path. */
  readonly envelope: { readonly from: string; readonly to: string | readonly string[] };
  /**
   * Octets, text (sent as UTF-8) or a file: judged whole before connecting. Streams are judged as they are sent.
   * Line ends are CRLF throughout or LF throughout; the latter become CRLF.
   */
  readonly message: Uint8Array | string | { readonly path: string | URL } | OctetStream;
  readonly dsn?: DsnOptions | undefined;
  /** As in `ComposedMessage`: every server on the way has to pass it on over verified TLS or send it back (RFC 8689). */
  readonly requireTls?: boolean | undefined;
  /** Set it if a stream's header is UTF-8 (RFC 6532). For anything but a stream this is found out. */
  readonly smtpUtf8?: boolean | undefined;
  /**
   * The octets of a stream, counted with CRLF line ends. If given, the server's SIZE limit is checked before sending; a stream with
   * another size is not sent. The size of anything but a stream is found out.
   */
  readonly size?: number | undefined;
}

/** `Composed`: what `composeMessage` has returned. */
export type Message = ComposedMessage | ReadyMessage | Composed;

/** Names and values: a record, a `Map`, the `Headers` of fetch, or a list of pairs or of `HeaderInput`. */
export type HeadersInput =
  | Readonly<Record<string, HeaderValue>>
  | Iterable<HeaderInput | readonly [name: string, value: HeaderValue]>;

/**
 * Text: one that is not ASCII is encoded, any other is only folded. Fields that hold addresses, such as
 * `Disposition-Notification-To`, take them as `from` and `to` do.
 */
export type HeaderValue = AddressesInput | ReadyHeaderValue;

/** A value that is encoded already, in ASCII: it is folded at white space, and not changed. */
export interface ReadyHeaderValue {
  readonly ready: string;
}

export interface HeaderInput {
  readonly name: string;
  readonly value: HeaderValue;
}

export interface AttachmentOptions {
  /** Default: the last part of `path`. No path separators, control characters or characters that reorder text. */
  readonly filename?: string | undefined;
  /**
   * E.g. `application/pdf`. Default: by the filename's extension, else `application/octet-stream`. Text gets
   * `charset=utf-8` if its octets are that; other text, and the text of a stream, is `application/octet-stream` by default.
   */
  readonly contentType?: string | undefined;
  /** Without angle brackets: `logo` becomes `Content-ID: <logo>`, and the HTML, which is never changed, refers to it as `cid:logo`. */
  readonly contentId?: string | undefined;
  /** Default: `inline` with a `contentId`, else `attachment`. */
  readonly disposition?: "attachment" | "inline" | undefined;
}
/** A local file, read in constant memory while sending. Never a network URL. */
export interface FileAttachment extends AttachmentOptions {
  readonly path: string | URL;
}
/** Octets, or text that is attached as UTF-8. Octets must not change until the message is sent. */
export interface MemoryAttachment extends AttachmentOptions {
  readonly content: Uint8Array | string;
}
export interface StreamAttachment extends AttachmentOptions {
  readonly source: OctetStream;
  /** In octets. If given, the server's SIZE limit is checked before sending; a source with another size is an error. */
  readonly size?: number | undefined;
}
export type Attachment = FileAttachment | MemoryAttachment | StreamAttachment;

export type Priority = "high" | "normal" | "low";

/** One form of the body. Programs show the last one that they understand. */
export interface Alternative {
  /** E.g. `text/x-amp-html`. */
  readonly contentType: string;
  /** Text, which is sent as UTF-8, or octets, which must not change until the message is sent. */
  readonly content: string | Uint8Array;
}

/** An iCalendar object (RFC 5545) that mail programs show as an invitation (RFC 6047). */
export interface Calendar {
  /** Must be the METHOD in the content. */
  readonly method: "PUBLISH" | "REQUEST" | "REPLY" | "ADD" | "CANCEL" | "REFRESH" | "COUNTER" | "DECLINECOUNTER";
  readonly content: string;
}

/** Mailing list fields: RFC 2369 (those with URIs), RFC 2919 (`id`), RFC 8058 (`unsubscribePost`). */
export interface ListFields {
  /** E.g. `news.example.org`, or `Our news <news.example.org>`. */
  readonly id?: string | undefined;
  readonly unsubscribe?: string | readonly string[] | undefined;
  /** One-click unsubscription by an HTTPS POST; `unsubscribe` must then have an HTTPS URI. */
  readonly unsubscribePost?: boolean | undefined;
  readonly subscribe?: string | readonly string[] | undefined;
  readonly help?: string | readonly string[] | undefined;
  /** `NO` if posting is not allowed. */
  readonly post?: string | readonly string[] | undefined;
  readonly owner?: string | readonly string[] | undefined;
  readonly archive?: string | readonly string[] | undefined;
}
