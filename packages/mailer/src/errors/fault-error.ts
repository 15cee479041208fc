/** A failure that nobody expected: a bug in this package or in the runtime. */
import { describeFate } from "./fate.ts";
import { MailError } from "./mail-error.ts";
import { shown } from "./shown.ts";

/** Not an abort, and not worth a retry: the same input would fail the same way. `cause` is what was thrown. */
export class FaultError extends MailError {
  readonly code = "MAIL_FAULT";

  constructor(cause: unknown, unknown = false) {
    const what = shown(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    super(
      `Sending failed because of a bug, most likely in this package: ${what}. ${describeFate(unknown)} Please report it, with its cause.`,
      {
        disposition: unknown ? "ask" : "give-up",
        cause,
      },
    );
  }
}
