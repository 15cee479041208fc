/** The caller's signal ended a send. */
import { describeFate } from "./fate.ts";
import { MailError } from "./mail-error.ts";

/**
 * One for each send, with that send's receipt: many sends may share a signal, and its reason may be an error of another
 * send, receipt and all. So the reason is never passed on as an error of ours, whatever its class: it is the `cause`.
 * `name` is `AbortError`, as it is for everything else that a signal ends.
 */
export class AbortedError extends MailError {
  readonly code = "MAIL_ABORTED";

  constructor(reason: unknown, unknown = false) {
    super(`The send was aborted. ${describeFate(unknown)}`, { disposition: unknown ? "ask" : "retry", cause: reason });
  }

  override get name(): string {
    return "AbortError";
  }
}
