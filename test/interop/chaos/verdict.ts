/** What chaos may not bring about. */
import type { Report } from "./chaos.ts";

const MOST_CONNECTIONS = 12;
const MOST_LOGINS = 4;
/** Milliseconds, beside twice the outage. */
const RECOVERY = 2_000;

/** Empty if all is well. */
export function faultsOf(report: Report): readonly string[] {
  const { missing, denied, doubled, hung, impatient, idle, incidents } = report;
  return [
    ...missing.map((word) => `accepted but missing: ${word}`),
    ...denied.map((word) => `not accepted but there: ${word}`),
    ...doubled.map((word) => `there twice: ${word}`),
    ...(hung > 0 ? [`${hung} sends did not end`] : []),
    ...impatient.slice(0, 5).map(({ id, text }) => `told too early: ${id}: ${text}`),
    ...(idle.connections > MOST_CONNECTIONS
      ? [`${idle.connections} connections in a minute that carried nothing`]
      : []),
    ...(idle.logins > MOST_LOGINS ? [`${idle.logins} logins in a minute that carried nothing`] : []),
    ...incidents
      .filter(({ lasted, recovered }) => recovered > 2 * lasted + RECOVERY)
      .map(
        ({ name, lasted, recovered }) => `${name} (${Math.round(lasted)} ms): back after ${Math.round(recovered)} ms`,
      ),
  ];
}
