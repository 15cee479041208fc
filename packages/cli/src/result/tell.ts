/** Prints the result of a subcommand, as JSON if asked to, and returns the exit code. */
import { exitCodeOf } from "./exit-code.ts";
import { jsonOf } from "./json.ts";
import { output } from "../output.ts";
import { writeReport } from "./report.ts";
import type { Result } from "./result.ts";

export function tell(result: Result, asJson: boolean): number {
  if (asJson) output.json(jsonOf(result));
  else writeReport(result);
  return exitCodeOf(result);
}
