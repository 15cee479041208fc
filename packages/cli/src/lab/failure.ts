/** Reports what went wrong in the lab, and returns the exit code. */
import { LabError } from "@postseal/lab";
import { CommandError } from "../command-error.ts";
import { Interruption } from "../interruption.ts";
import { exitCodeOf } from "../result/exit-code.ts";
import { jsonOf } from "../result/json.ts";
import { errors, output } from "../output.ts";

export function fail(error: unknown, asJson: boolean): number {
  const failed = { kind: "failed", error } as const;
  const exitCode = exitCodeOf(failed);
  if (asJson) {
    output.json(jsonOf(failed));
    return exitCode;
  }
  if (error instanceof Interruption) {
    errors.line(`postseal lab: ${error.message}; everything that it had started was stopped`);
    return exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError || error instanceof LabError) {
    errors.line(`postseal lab: ${message}`);
    return exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  errors.page(`postseal lab: unexpected failure: ${stack}\nThis is a bug in Postseal: please report it.\n`);
  return exitCode;
}
