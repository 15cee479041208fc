/** The whole message was handed over, but no trustworthy answer came. */
import { MailError } from "./mail-error.ts";

export class UnknownOutcomeError extends MailError {
  readonly code = "MAIL_OUTCOME_UNKNOWN";

  constructor(peer: string, cause: unknown) {
    const why = cause instanceof MailError ? ` ${cause.message}` : "";
    super(
      `${peer} has the whole message, but no trustworthy answer says whether it took it. It may or may not have been ` +
        `delivered: look at the recipient's side, or at the server's log, before sending it again.${why}`,
      { disposition: "ask", cause },
    );
  }
}
