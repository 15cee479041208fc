/** What went wrong in the lab, and the exit code. */
import { LabError } from "@postseal/lab";
import { CommandError } from "../command-error.ts";
import { Interruption } from "../interruption.ts";
import { jsonOf } from "../json.ts";
import { errors, output } from "../output.ts";

const USAGE = 64;
const SOFTWARE = 70;
const CONFIGURATION = 78;
const INTERRUPTED = 130;

export function fail(error: unknown, asJson: boolean): number {
  if (asJson) {
    const exitCode = exitCodeFor(error);
    output.json(jsonOf({ kind: "failed", error }, exitCode));
    return exitCode;
  }
  if (error instanceof Interruption) {
    errors.line(`postseal lab: ${error.message}; what it had started is ended`);
    return exitCodeFor(error);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError || error instanceof LabError) {
    errors.line(`postseal lab: ${message}`);
    return exitCodeFor(error);
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  errors.page(`postseal lab: unexpected failure: ${stack}\nThis is a mistake in Postseal: please report it.\n`);
  return exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Interruption) return INTERRUPTED;
  if (!(error instanceof CommandError || error instanceof LabError)) return SOFTWARE;
  return error.code === "CLI_USAGE" ? USAGE : CONFIGURATION;
}
