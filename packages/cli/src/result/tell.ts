/** Prints the result of a subcommand, as JSON if asked to, and returns the exit code. */
import { exitCodeOf } from "./exit-code.ts";
import { jsonOf } from "./json.ts";
import { output } from "../output.ts";
import type { OwnWords } from "./own-words.ts";
import { writeReport } from "./report.ts";
import type { Result } from "./result.ts";

/** `words`: if they are neither those of the result nor those of `send`. */
export function tell(
  result: Result,
  asJson: boolean,
  words: OwnWords | undefined = result.kind === "failed" ? result.words : undefined,
): number {
  if (asJson) output.json(jsonOf(result, undefined, words));
  else writeReport(result, undefined, words);
  return exitCodeOf(result);
}
