/** The server broke the protocol, or refused to begin it (greeting, EHLO). The connection is dead. */
import type { protocolCodes } from "./codes.ts";
import { type Disposition, MailError } from "./mail-error.ts";
import { shown } from "./shown.ts";

export type ProtocolErrorCode = (typeof protocolCodes)[number];

export class ProtocolError extends MailError {
  readonly code: ProtocolErrorCode;
  /** What the server said, control characters escaped. */
  readonly evidence: string;

  constructor(code: ProtocolErrorCode, message: string, evidence: string, disposition: Disposition = "retry") {
    const seen = shown(evidence);
    super(seen === "" ? message : `${message} It said: "${seen}"`, { disposition });
    this.code = code;
    this.evidence = seen;
  }
}
