/** The network failed: no connection, a lost one, or a deadline that passed. */
import type { networkCodes } from "./codes.ts";
import { type Disposition, MailError } from "./mail-error.ts";

export type NetworkErrorCode = (typeof networkCodes)[number];

export const phases = [
  "connect",
  "greeting",
  "ehlo",
  "starttls",
  "handshake",
  "auth",
  "envelope",
  "body",
  "final-reply",
  "command",
  "quit",
  "idle",
] as const;

/** What the session was waiting for. */
export type Phase = (typeof phases)[number];

/** What the session was waiting for, in the words of an error. */
export function awaitedIn(phase: Phase): string {
  switch (phase) {
    case "connect":
      return "the TCP connection";
    case "greeting":
      return "the greeting";
    case "ehlo":
      return "the answer to EHLO";
    case "starttls":
      return "the answer to STARTTLS";
    case "handshake":
      return "the end of the TLS handshake";
    case "auth":
      return "the answer to the login";
    case "envelope":
      return "the answer to the envelope";
    case "body":
      return "the end of the message";
    case "final-reply":
      return "the answer to the message";
    case "command":
      return "the answer to a command";
    case "quit":
      return "the answer to QUIT";
    case "idle":
      return "another message";
    default:
      return phase satisfies never;
  }
}

export class NetworkError extends MailError {
  readonly code: NetworkErrorCode;
  readonly phase: Phase;

  constructor(
    code: NetworkErrorCode,
    phase: Phase,
    message: string,
    cause?: unknown,
    disposition: Disposition = "retry",
  ) {
    super(message, { disposition, cause });
    this.code = code;
    this.phase = phase;
  }
}
