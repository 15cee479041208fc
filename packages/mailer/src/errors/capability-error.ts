/** The message needs what the server does not offer. Nothing of it was said to the server. */
import type { capabilityCodes } from "./codes.ts";
import { MailError } from "./mail-error.ts";

export type CapabilityErrorCode = (typeof capabilityCodes)[number];

export class CapabilityError extends MailError {
  readonly code: CapabilityErrorCode;
  /** The EHLO keyword that is missing, or too small: `SMTPUTF8`, `8BITMIME`, `DSN`, `REQUIRETLS`, `SIZE`. */
  readonly keyword: string;

  constructor(code: CapabilityErrorCode, keyword: string, message: string) {
    super(message, { disposition: "give-up" });
    this.code = code;
    this.keyword = keyword;
  }
}
