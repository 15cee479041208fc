/** The errors of a connection that ended, in words for the person who reads them. */
import { AbortedError } from "../errors/aborted-error.ts";
import { MailError } from "../errors/mail-error.ts";
import { awaitedIn, NetworkError, type Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Reply } from "../wire/reply.ts";

export function closedBy(peer: string, phase: Phase): NetworkError {
  return lost(phase, `${peer} closed the connection before ${awaitedIn(phase)}.`);
}

export function closedWhileIdle(peer: string, said: string): NetworkError {
  return lost("idle", `${peer} closed the idle connection. It said: "${said}"`);
}

export function closedByUs(peer: string): NetworkError {
  return lost("idle", `The session with ${peer} is closed.`);
}

export function upgraded(peer: string): NetworkError {
  return lost("handshake", `The clear channel to ${peer} was handed over to TLS.`);
}

/** For a stream of the caller's that gives text or objects. */
export function noOctets(peer: string, phase: Phase): NetworkError {
  return lost(
    phase,
    `The stream that connect returned for ${peer} gives something other than octets: setEncoding() was called on it, or it is in object mode.`,
  );
}

/** `timeout` in milliseconds. */
export function late(peer: string, phase: Phase, timeout: number): NetworkError {
  return new NetworkError(
    "MAIL_NETWORK_TIMEOUT",
    phase,
    `${peer} did not send ${awaitedIn(phase)} within ${timeout / 1000} s.`,
  );
}

const inherited = new WeakSet<NetworkError>();

/** For a message that had no part in what ended the connection. */
export function lostWithAnother(peer: string, cause: unknown, phase: Phase): NetworkError {
  // The reason for another send's abort, and its fate, are no business of this caller.
  if (cause instanceof AbortedError) {
    return lost(
      phase,
      `The connection to ${peer} ended when another send was aborted, before this message was answered.`,
    );
  }
  // The cause may be such an error itself: quote what ended the connection, not the text that was made of it.
  const first = cause instanceof NetworkError && inherited.has(cause) ? cause.cause : cause;
  const why = first instanceof MailError ? ` ${first.message}` : "";
  const error = lost(
    phase,
    `The connection to ${peer} ended with another message on it, before this one was answered.${why}`,
    first,
  );
  inherited.add(error);
  return error;
}

/** For a step that comes after the connection has ended. */
export function overAlready(peer: string, failure: unknown, phase: Phase): unknown {
  // defence: anothers-abort-is-a-loss
  return failure instanceof AbortedError ? lostWithAnother(peer, failure, phase) : failure;
}

/** For a reply that came before the whole message was written. */
export function answeredEarly(peer: string, replies: readonly Reply[]): ProtocolError {
  const last = replies.at(-1);
  return new ProtocolError(
    "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    `${peer} answered before it had the whole message, so the connection was closed and the message was not sent.`,
    last === undefined ? "" : `${last.code} ${last.lines.join(" ")}`,
  );
}

export function chunkUnread(peer: string): NetworkError {
  return lost(
    "final-reply",
    `${peer} answered a message by BDAT as if it did not know the command, so the connection was closed.`,
  );
}

function lost(phase: Phase, message: string, cause?: unknown): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", phase, message, cause);
}
