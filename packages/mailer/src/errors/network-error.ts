/** The network failed: no connection, a lost one, or a deadline that passed. */
import type { networkCodes } from "./codes.ts";
import { MailError } from "./mail-error.ts";

export type NetworkErrorCode = (typeof networkCodes)[number];

/** What the session was waiting for. */
export type Phase =
  | "connect"
  | "greeting"
  | "ehlo"
  | "starttls"
  | "handshake"
  | "auth"
  | "envelope"
  | "body"
  | "final-reply"
  | "command"
  | "quit"
  | "idle";

export class NetworkError extends MailError {
  readonly code: NetworkErrorCode;
  readonly phase: Phase;

  constructor(code: NetworkErrorCode, phase: Phase, message: string, cause?: unknown) {
    super(message, { disposition: "retry", cause });
    this.code = code;
    this.phase = phase;
  }
}
