/** The whole message was handed over, and no answer came back. */
import { MailError } from "./mail-error.ts";

export class UnknownOutcomeError extends MailError {
  readonly code = "MAIL_OUTCOME_UNKNOWN";

  constructor(host: string, cause: unknown) {
    super(
      `${host} received the whole message, but the connection ended before it said whether it took it. ` +
        "It may have been delivered or not: look at the recipient's side, or at the server's log, before sending it again.",
      { disposition: "ask", cause },
    );
  }
}
