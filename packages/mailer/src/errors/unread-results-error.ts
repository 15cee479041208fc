/** A loop over `sendAll` ended before it had read the results of all messages that were started. */
import { MailError } from "./mail-error.ts";

export class UnreadResultsError<Result = unknown> extends MailError {
  readonly code = "MAIL_RESULTS_UNREAD";
  /** What became of each message that was started and whose result was not read. */
  readonly results: readonly Result[];

  constructor(results: readonly Result[]) {
    super(
      `The loop over sendAll ended early: ${results.length} messages had been started whose results it did not read. They are in ` +
        "the results of this error: look at each before sending anything again.",
      { disposition: "ask" },
    );
    this.results = results;
  }
}
