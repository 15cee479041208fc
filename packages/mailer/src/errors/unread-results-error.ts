/** A loop over `sendAll` was left while there were results that it had not taken. */
import { MailError } from "./mail-error.ts";

export class UnreadResultsError<Result = unknown> extends MailError {
  readonly code = "MAIL_RESULTS_UNREAD";
  /** What became of each message that was begun, and whose result nobody took. */
  readonly results: readonly Result[];

  constructor(results: readonly Result[]) {
    super(
      `The loop over sendAll was left, and ${results.length} messages had been begun whose results it did not take. They are in ` +
        "the results of this error: look at each before sending anything again.",
      { disposition: "ask" },
    );
    this.results = results;
  }
}
