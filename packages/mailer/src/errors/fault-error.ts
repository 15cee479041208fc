/** Something failed in a place where nothing was expected to: a fault of this package, or of the runtime. */
import { describeFate } from "./fate.ts";
import { MailError } from "./mail-error.ts";
import { shown } from "./shown.ts";

/** Not an abort, and no reason to try again: the same input would meet the same fault. `cause` is what was thrown. */
export class FaultError extends MailError {
  readonly code = "MAIL_FAULT";

  constructor(cause: unknown, unknown = false) {
    const what = shown(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    super(
      `Sending failed by a fault, most likely in this package: ${what}. ${describeFate(unknown)} Please report it, with its cause.`,
      {
        disposition: unknown ? "ask" : "give-up",
        cause,
      },
    );
  }
}
