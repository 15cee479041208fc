/** The message needs an extension that the server does not offer. None of the message was sent. */
import type { capabilityCodes } from "./codes.ts";
import { MailError } from "./mail-error.ts";

export type CapabilityErrorCode = (typeof capabilityCodes)[number];

export class CapabilityError extends MailError {
  readonly code: CapabilityErrorCode;
  /** The EHLO keyword that is missing (`SMTPUTF8`, `8BITMIME`, `DSN`, `REQUIRETLS`), or whose limit is too low (`SIZE`). */
  readonly keyword: string;

  constructor(code: CapabilityErrorCode, keyword: string, message: string) {
    super(message, { disposition: "give-up" });
    this.code = code;
    this.keyword = keyword;
  }
}
