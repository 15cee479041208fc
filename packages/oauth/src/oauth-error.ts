/** An error of the sign-in, with what the issuer said, cleaned. */
import { AuthenticationError, type Disposition } from "@postseal/mailer";

export type OAuthErrorCode = "MAIL_AUTH_SIGN_IN" | "MAIL_AUTH_DEFERRED" | "MAIL_AUTH_CREDENTIALS";

export interface OAuthFacts {
  /** The issuer's error code (RFC 6749 section 5.2), such as `invalid_grant`. */
  readonly error?: string | undefined;
  /** The HTTP status of the issuer's answer. */
  readonly status?: number | undefined;
  /** What the issuer said to people, without control characters and secrets: 200 characters at most. */
  readonly description?: string | undefined;
  /** Before this the issuer wants no further question. */
  readonly retryAfter?: Date | undefined;
  /** When the person signed in, if the sign-in has ended. */
  readonly signedInAt?: Date | undefined;
  readonly disposition?: Disposition;
  /** An error of the mailer or of the system, never a library's: that could hold a token. */
  readonly cause?: unknown;
}

/**
 * `MAIL_AUTH_SIGN_IN`: a person has to sign in (again). `MAIL_AUTH_DEFERRED`: a later try may succeed (`retry`).
 * `MAIL_AUTH_CREDENTIALS`: something is set up wrongly, or the issuer is not what it should be.
 */
export class OAuthError extends AuthenticationError {
  readonly error: string | undefined;
  readonly status: number | undefined;
  readonly description: string | undefined;
  readonly retryAfter: Date | undefined;
  readonly signedInAt: Date | undefined;

  constructor(code: OAuthErrorCode, message: string, facts: OAuthFacts = {}) {
    const { disposition = code === "MAIL_AUTH_DEFERRED" ? "retry" : "give-up", cause } = facts;
    super(code, message, { disposition, ...(cause === undefined ? {} : { cause }) });
    this.error = facts.error;
    this.status = facts.status;
    this.description = facts.description;
    this.retryAfter = facts.retryAfter;
    this.signedInAt = facts.signedInAt;
  }
}
