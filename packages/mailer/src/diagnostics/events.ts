/**
 * What observers are told, and in which shape: version 1 of a contract that docs/reference/diagnostics.md writes out. A
 * field may be added to it; a field that changes its meaning or goes makes version 2, under channels of its own.
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

/** What every event of a connection says. */
export interface ConnectionEvent {
  /** The same for all events of one connection; another one has another number. */
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
  /** What ended it, where it did not end in order. Its caller gets the same. */
  readonly error?: unknown;
}

export interface CommandEvent extends ConnectionEvent {
  /** One line without its CRLF. What would prove who the client is reads `[secret]`. */
  readonly text: string;
}

export interface BodyEvent extends ConnectionEvent {
  /** `dot`: behind DATA, up to the final dot. `bdat`: behind its own command (RFC 3030). */
  readonly framing: "dot" | "bdat";
  /** How long the message is. It is never shown. */
  readonly octets: number;
}

export interface ReplyEvent extends ConnectionEvent {
  readonly code: ReplyFacts["code"];
  /** The text of each line, control characters escaped. A SASL challenge reads `[challenge]`; a secret that the server says back, `[secret]`. */
  readonly lines: readonly string[];
}

export interface MessageBegunEvent {
  /** The same for both events of one call of `send`. */
  readonly message: number;
  readonly server: ServerFacts;
}

/** Exactly what the caller of `send` gets. */
export interface MessageConcludedEvent extends MessageBegunEvent {
  /** Also where it failed, if it came far enough to have recipients. */
  readonly receipt?: Receipt | undefined;
  /** Absent where it was accepted for at least one recipient. */
  readonly error?: unknown;
}

export interface DiagnosticsEvents {
  /** It is about to connect. `connection.closed` follows in the end, whatever happens. */
  readonly "connection.opening": ConnectionEvent;
  /** The connection is there, and nothing has been said. */
  readonly "connection.opened": ConnectionEvent;
  /** TLS is up, the policy is met, and the peer has proved who it is. */
  readonly "connection.sealed": SealedEvent;
  /** It is about to log in. */
  readonly "connection.authenticating": ConnectionEvent;
  readonly "connection.authenticated": AuthenticatedEvent;
  readonly "connection.closed": ClosedEvent;
  /** A command, in the order in which they are written. */
  readonly "conversation.command": CommandEvent;
  /** A whole message was written, or will be with the next octet. */
  readonly "conversation.body": BodyEvent;
  /** A reply, before it is judged: also one that nobody asked for. */
  readonly "conversation.reply": ReplyEvent;
  /** `send` was called. */
  readonly "message.begun": MessageBegunEvent;
  readonly "message.concluded": MessageConcludedEvent;
}

export type DiagnosticsName = keyof DiagnosticsEvents;
