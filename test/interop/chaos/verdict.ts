/** Lists the faults in a report of chaos. */
import type { Incidence, Report } from "./chaos.ts";

const MOST_CONNECTIONS = 12;
const MOST_LOGINS = 4;
/** Milliseconds allowed on top of twice the outage. */
const RECOVERY = 2_000;

/** Incidents after which messages went again too late. */
function late({ incidents }: Report): readonly Incidence[] {
  return incidents.filter(({ lasted, recovered }) => recovered > 2 * lasted + RECOVERY);
}

/** Empty if all is well. */
export function faultsOf(report: Report): readonly string[] {
  const { missing, denied, doubled, hung, impatient, idle } = report;
  return [
    ...missing.map((word) => `accepted but missing: ${word}`),
    ...denied.map((word) => `not accepted but there: ${word}`),
    ...doubled.map((word) => `there twice: ${word}`),
    ...(hung > 0 ? [`${hung} sends did not end`] : []),
    ...impatient.slice(0, 5).map(({ id, text }) => `failed too early: ${id}: ${text}`),
    ...(idle.connections > MOST_CONNECTIONS
      ? [`${idle.connections} connections in a minute that carried nothing`]
      : []),
    ...(idle.logins > MOST_LOGINS ? [`${idle.logins} logins in a minute that carried nothing`] : []),
    ...late(report).map(
      ({ name, lasted, recovered, idle: { connections, logins } }) =>
        `${name} (${Math.round(lasted)} ms): back after ${Math.round(recovered)} ms, with ${connections} of the minute's ${MOST_CONNECTIONS} attempts used, and ${logins} of its ${MOST_LOGINS} logins`,
    ),
  ];
}
