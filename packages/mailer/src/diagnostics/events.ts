/**
 * The events that observers get: version 1 of a contract that docs/reference/diagnostics.md describes. A field may be added to
 * it; changing a field's meaning or removing one makes version 2, on channels of its own.
 */
import type { ReplyFacts, Receipt } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";

/** The server, as the caller named it. */
export interface ServerFacts {
  /** A host name (A-labels) or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** How TLS begins there. */
  readonly transport: "starttls" | "implicit";
}

/** What every event of a connection has. */
export interface ConnectionEvent {
  /** A number that only this connection has. */
  readonly connection: number;
  readonly server: ServerFacts;
  /** Whether it happened before TLS was up and the peer had proved who it is, or after. */
  readonly side: "clear" | "sealed";
}

export interface SealedEvent extends ConnectionEvent {
  readonly seal: Seal;
}

export interface AuthenticatedEvent extends ConnectionEvent {
  /** The SASL mechanism. */
  readonly mechanism: string;
}

export interface ClosedEvent extends ConnectionEvent {
  /** What ended it, if it did not end in order. Its caller gets the same error. */
  readonly error?: unknown;
}

export interface ConversationEvent extends ConnectionEvent {
  /** The message that it belongs to, by the number in `message.begun`; absent if it belongs to none, such as a login. */
  readonly message?: number | undefined;
}

export interface CommandEvent extends ConversationEvent {
  /** One line without its CRLF. Anything that would prove who the client is reads `[secret]`. */
  readonly text: string;
}

export interface BodyEvent extends ConversationEvent {
  /** `dot`: after DATA, up to the final dot. `bdat`: after BDAT (RFC 3030). */
  readonly framing: "dot" | "bdat";
  /** The length of the message, whose text is never shown. */
  readonly octets: number;
}

export interface ReplyEvent extends ConversationEvent {
  readonly code: ReplyFacts["code"];
  /** The text of each line, control characters escaped. A SASL challenge reads `[challenge]`; a secret that the server repeats, `[secret]`. */
  readonly lines: readonly string[];
}

export interface MessageBegunEvent {
  /** The same for all events of one call of `send`. */
  readonly message: number;
  readonly server: ServerFacts;
}

/** Exactly what the caller of `send` gets, and how it went. */
export interface MessageConcludedEvent extends MessageBegunEvent {
  /** The connections on which something of it was written, in order, each once: more than one after a second attempt, or if it went in parts. */
  readonly connections: readonly number[];
  /** Present after a failure too, if the call came far enough to have recipients. */
  readonly receipt?: Receipt | undefined;
  /** Absent if it was accepted for at least one recipient. */
  readonly error?: unknown;
}

export interface DiagnosticsEvents {
  /** It is about to connect. `connection.closed` always follows in the end. */
  readonly "connection.opening": ConnectionEvent;
  /** It is connected, and nothing has been sent. */
  readonly "connection.opened": ConnectionEvent;
  /** TLS is up, the policy is met, and the peer has proved who it is. */
  readonly "connection.sealed": SealedEvent;
  /** It is about to log in. */
  readonly "connection.authenticating": ConnectionEvent;
  readonly "connection.authenticated": AuthenticatedEvent;
  readonly "connection.closed": ClosedEvent;
  /** A command. They come in the order in which they are written. */
  readonly "conversation.command": CommandEvent;
  /** A whole message was written, but perhaps for its last octet, which follows at once. */
  readonly "conversation.body": BodyEvent;
  /** A reply, before it is judged: even an unsolicited one. */
  readonly "conversation.reply": ReplyEvent;
  /** `send` was called. */
  readonly "message.begun": MessageBegunEvent;
  readonly "message.concluded": MessageConcludedEvent;
}

export type DiagnosticsName = keyof DiagnosticsEvents;
