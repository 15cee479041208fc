/** What came of an attack on a client: the verdict from what the attacker saw, or how the client itself ended. */
import { failedVerdicts, passedVerdicts, type Verdict } from "./verdict.ts";

/** How a client ended on which no verdict was reached. */
const mishaps = ["hang", "crash", "control-failed", "over-strict"] as const;
export type Outcome = Verdict | (typeof mishaps)[number];

/**
 * From the worst to the best. `hang`: still running when its time was up. `crash`: ended by a signal that the lab did not
 * send. `over-strict`: refused although delivery was safe. `control-failed`: failed to deliver to the honest server too, so
 * nothing is proved.
 */
export const outcomes: readonly Outcome[] = [...failedVerdicts, ...mishaps, ...passedVerdicts];

export function isVerdict(outcome: Outcome): outcome is Verdict {
  return !mishaps.some((one) => one === outcome);
}

/** Whether this outcome makes the lab exit with code 1. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== "over-strict" && !passedVerdicts.some((one) => one === outcome);
}
