/** The caller's signal ended a send. */
import { describeFate } from "./fate.ts";
import { MailError } from "./mail-error.ts";

/**
 * Each aborted send gets its own error, with its own receipt. Many sends may share a signal, whose reason may be another
 * send's error and carry that receipt; so the reason, whatever its class, is only the `cause`.
 * `name` is `AbortError`, as in every other API that takes a signal.
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
