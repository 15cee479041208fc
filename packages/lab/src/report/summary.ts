/** What every format says in the same words: the result in a sentence, how it was obtained, and how a client ended. */
import {
  type ClientEnd,
  type ClientReport,
  type Outcome,
  type Report,
  type Run,
  type UnfinishedTrial,
  isFailure,
  outcomes,
} from "./report.ts";

export interface Tally {
  readonly runs: number;
  /** Runs in which the attack succeeded or the client did something wrong, without those that hung. */
  readonly failed: number;
  /** Runs that were still going on when their time was up: a fault, but nothing leaked. */
  readonly hung: number;
  /** Runs whose control failed: neither good nor bad. */
  readonly unproved: number;
}

export function tallyOf({ runs }: ClientReport): Tally {
  return {
    runs: runs.length,
    failed: runs.filter(({ outcome }) => isProvedFailure(outcome) && outcome !== "hang").length,
    hung: runs.filter(({ outcome }) => outcome === "hang").length,
    unproved: runs.filter(({ outcome }) => outcome === "control-failed").length,
  };
}

/** `control-failed` fails the lab, but says nothing against the client. */
export function isProvedFailure(outcome: Outcome): boolean {
  return isFailure(outcome) && outcome !== "control-failed";
}

/** The runs by outcome, the worst first, without outcomes that did not occur. */
export function byOutcome({ runs }: ClientReport): readonly (readonly [Outcome, readonly Run[]])[] {
  return outcomes
    .map((outcome) => [outcome, runs.filter((run) => run.outcome === outcome)] as const)
    .filter(([, having]) => having.length > 0);
}

/** Without a full stop. */
export function changeOf(outcome: Outcome, { advice = [] }: ClientReport): string | undefined {
  return advice.find((one) => one.outcome === outcome)?.change;
}

/** Without a full stop. */
export function headlineOf({ clients }: Report): string {
  const [only, ...others] = clients;
  if (only === undefined) return "No client was tried";
  if (others.length === 0) {
    const { runs, failed, hung, unproved } = tallyOf(only);
    const vectors = `${failed === 0 ? "none" : failed} of ${count(runs, "vector")}`;
    if (failed > 0) return `${nameOf(only)} failed ${vectors}${hung === 0 ? "" : `, and hung in ${hung} more`}`;
    if (hung > 0) return `${nameOf(only)} failed ${vectors}, but hung in ${hung}`;
    if (unproved > 0) return `${nameOf(only)}: nothing is proved, since ${reasonOf(only)}`;
    return `${nameOf(only)} failed ${vectors}`;
  }
  const tallies = clients.map(tallyOf);
  const failed = tallies.filter((tally) => tally.failed > 0).length;
  const hung = tallies.filter((tally) => tally.failed === 0 && tally.hung > 0).length;
  const unproved = tallies.filter((tally) => tally.failed === 0 && tally.hung === 0 && tally.unproved > 0).length;
  const rest = [...(hung > 0 ? [`${hung} only hung`] : []), ...(unproved > 0 ? [`${unproved} proved nothing`] : [])];
  return [
    `${failed === 0 ? "None" : failed} of ${clients.length} client configurations failed`,
    ...rest.map((part, at) => (at === rest.length - 1 ? `and ${part}` : part)),
  ].join(", ");
}

export function nameOf({ title, configuration }: ClientReport): string {
  return configuration === "" ? title : `${title} ${configuration}`;
}

/** Where the clients were tried, and how long that took: two sentences, or more if there is a note or something unfinished. */
export function circumstancesOf({ isolation, isolationNote, vectors, durationMs, unfinished = [] }: Report): string {
  const where =
    isolation === "namespaces"
      ? "Isolation: namespaces, with real ports, names and trust store, private to the lab."
      : "Isolation: loopback, with an address for the name, and other ports than the usual.";
  const note = isolationNote === undefined ? "" : ` ${isolationNote}`;
  return `${where}${note} ${count(vectors.length, "vector")} in ${duration(durationMs)}.${lackOf(unfinished)}`;
}

/** What has no result, by reason. */
function lackOf(unfinished: readonly UnfinishedTrial[]): string {
  const reasons = [...new Set(unfinished.map(({ reason }) => reason))];
  return reasons
    .map((reason) => [reason, unfinished.filter((trial) => trial.reason === reason).length] as const)
    .map(([reason, number]) => ` ${count(number, "trial")} without a result: ${reason}.`)
    .join("");
}

/** What the server lacked, and what to change in the command. */
export const shortfalls: Readonly<Record<NonNullable<Run["shortfall"]>, string>> = {
  "other-message": "the honest server got a message, but not the lab's: put {body} into yours",
  "without-login":
    "the honest server got the message, but without a login: log in with {username} and {password}, or try with --without-login",
};

/** Why a client's control proves nothing. */
export function reasonOf({ runs }: ClientReport): string {
  const failed = runs.filter(({ outcome }) => outcome === "control-failed");
  const reasons = failed.map(({ shortfall }) =>
    shortfall === undefined ? "the honest server got no message" : shortfalls[shortfall],
  );
  return [...new Set(reasons)].join("; ");
}

export function evidenceOf({ outcome, shortfall, findings, client }: Run): string {
  if (shortfall !== undefined) return shortfalls[shortfall];
  const telling = findings.filter(({ verdict }) => verdict === outcome);
  const [worst] = telling;
  if (worst === undefined) return endOf(client);
  return telling.length === 1 ? worst.evidence : `${worst.evidence} (and ${telling.length - 1} more)`;
}

export function endOf({ exitCode, signal, timedOut }: ClientEnd): string {
  if (timedOut) return "still running when its time was up";
  return signal === null ? `exit code ${exitCode ?? "unknown"}` : `ended by ${signal}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}
