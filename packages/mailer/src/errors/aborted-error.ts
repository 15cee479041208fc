/** The caller's signal ended a send. */
import { MailError } from "./mail-error.ts";

/**
 * One for each send, with that send's receipt: many sends may share a signal, and its reason may be an error of another
 * send, receipt and all. So the reason is never passed on as an error of ours, whatever its class: it is the `cause`.
 * `name` is `AbortError`, as it is for everything else that a signal ends.
 */
export class AbortedError extends MailError {
  readonly code = "MAIL_ABORTED";

  constructor(reason: unknown, unknown = false) {
    const fate = unknown
      ? "The whole message had been handed over, so it may have been taken or not: look before sending it again."
      : "Nothing was taken.";
    super(`The send was aborted. ${fate}`, { disposition: unknown ? "ask" : "retry", cause: reason });
  }

  override get name(): string {
    return "AbortError";
  }
}
