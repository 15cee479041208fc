/** What came of an attack on a client: the verdict from what the attacker saw, and how the client itself has fared. */

/**
 * From the worst to the best. `hang`: still running when its time was up. `crash`: ended by a signal that nobody sent.
 * `over-strict`: refused where to deliver was safe. `control-failed`: no honest delivery either, so that nothing is proved.
 */
export const outcomes = [
  "leaked-credentials",
  "leaked-message",
  "leaked-envelope",
  "weak-tls",
  "false-success",
  "injected",
  "hang",
  "crash",
  "control-failed",
  "over-strict",
  "delivered-sealed",
  "held",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Whether it makes the lab's exit code 1. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== "over-strict" && outcome !== "delivered-sealed" && outcome !== "held";
}
