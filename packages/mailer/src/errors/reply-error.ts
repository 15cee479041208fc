/** The server answered and refused the message. The connection is alive. */
import type { ReplyFacts } from "../outcome/receipt.ts";
import type { replyCodes } from "./codes.ts";
import { MailError } from "./mail-error.ts";

export type ReplyErrorCode = (typeof replyCodes)[number];

export class ReplyError extends MailError {
  readonly code: ReplyErrorCode;
  /** The reply that decided it: the first refusal. */
  readonly reply: ReplyFacts;

  constructor(code: ReplyErrorCode, message: string, reply: ReplyFacts, cause?: unknown) {
    super(message, { disposition: code === "MAIL_DEFERRED" ? "retry" : "give-up", cause });
    this.code = code;
    this.reply = reply;
  }
}
