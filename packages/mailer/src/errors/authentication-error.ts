/** The login failed: the server refused the credentials, or did not prove that it knows them. */
import type { ReplyFacts } from "../outcome/receipt.ts";
import type { authenticationCodes } from "./codes.ts";
import { type Disposition, MailError } from "./mail-error.ts";

export type AuthenticationErrorCode = (typeof authenticationCodes)[number];

export class AuthenticationError extends MailError {
  readonly code: AuthenticationErrorCode;
  /** The SASL mechanism, if one had been chosen. */
  readonly mechanism: string | undefined;
  readonly reply: ReplyFacts | undefined;

  constructor(
    code: AuthenticationErrorCode,
    message: string,
    facts: {
      readonly mechanism?: string | undefined;
      readonly reply?: ReplyFacts | undefined;
      readonly disposition?: Disposition;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { disposition: facts.disposition ?? "give-up", cause: facts.cause });
    this.code = code;
    this.mechanism = facts.mechanism;
    this.reply = facts.reply;
  }
}
