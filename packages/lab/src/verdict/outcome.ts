/** What came of an attack on a client: the verdict from what the attacker saw, and how the client itself has fared. */
import { failedVerdicts, passedVerdicts, type Verdict } from "./verdict.ts";

/** How a client has fared that no verdict was reached on. */
const mishaps = ["hang", "crash", "control-failed", "over-strict"] as const;
export type Outcome = Verdict | (typeof mishaps)[number];

/**
 * From the worst to the best. `hang`: still running when its time was up. `crash`: ended by a signal that nobody sent.
 * `over-strict`: refused where to deliver was safe. `control-failed`: no honest delivery either, so that nothing is proved.
 */
export const outcomes: readonly Outcome[] = [...failedVerdicts, ...mishaps, ...passedVerdicts];

export function isVerdict(outcome: Outcome): outcome is Verdict {
  return !mishaps.some((one) => one === outcome);
}

/** Whether it makes the lab's exit code 1. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== "over-strict" && !passedVerdicts.some((one) => one === outcome);
}
