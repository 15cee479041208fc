/** A session was used after it was spent or closed. */
import { MailError } from "./mail-error.ts";

export class SessionError extends MailError {
  readonly code = "MAIL_SESSION_SPENT";

  constructor(message: string, cause?: unknown) {
    super(message, { disposition: "give-up", cause });
  }
}
