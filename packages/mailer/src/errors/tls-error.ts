/** TLS was stripped, refused or broken, or the peer did not prove who it is. Nothing that TLS should have covered was sent. */
import type { tlsCodes } from "./codes.ts";
import { type Disposition, MailError } from "./mail-error.ts";
import { shown } from "./shown.ts";

export type TlsErrorCode = (typeof tlsCodes)[number];

/** Why a certificate or a key was not accepted. */
export type UnverifiedReason =
  | "untrusted-issuer"
  | "self-signed"
  | "expired"
  | "not-yet-valid"
  | "wrong-purpose"
  | "wrong-name"
  | "weak-key"
  | "revoked"
  | "pin-mismatch"
  | "no-certificate"
  | "other";

export interface TlsErrorFacts {
  readonly disposition: Disposition;
  /** What was seen on the wire, control characters escaped by the constructor. */
  readonly evidence?: string;
  readonly reason?: UnverifiedReason;
  /** The reply code that refused STARTTLS. */
  readonly replyCode?: number;
  readonly cause?: unknown;
}

export class TlsError extends MailError {
  readonly code: TlsErrorCode;
  readonly evidence: string | undefined;
  readonly reason: UnverifiedReason | undefined;
  readonly replyCode: number | undefined;

  constructor(code: TlsErrorCode, message: string, facts: TlsErrorFacts) {
    const evidence = facts.evidence === undefined ? undefined : shown(facts.evidence);
    super(evidence === undefined ? message : `${message} What was seen: "${evidence}"`, facts);
    this.code = code;
    this.evidence = evidence;
    this.reason = facts.reason;
    this.replyCode = facts.replyCode;
  }
}
