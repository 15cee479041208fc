/** The data that the page's script draws: the report with equal values stored once, up to a limit. */
import { groupsOf } from "../family.ts";
import { terms } from "../outcome-terms.ts";
import { type ClientReport, type Outcome, type Report, type Run, type VectorFacts, outcomes } from "../report.ts";
import { endOf, isProvedFailure, nameOf, shortfalls, tallyOf } from "../summary.ts";
import { visible, visibleLines } from "../visible-text.ts";
import { type ConnectionPicture, type EntryPicture, type Pools, picture } from "./picture.ts";
import { Pool } from "./pool.ts";
import { linkOf } from "./source-link.ts";

/** A number is a place in the list of the same name. */
export interface PageContent {
  readonly outcomes: readonly OutcomeContent[];
  readonly groups: readonly { readonly letter: string; readonly title: string; readonly vectors: readonly number[] }[];
  readonly vectors: readonly VectorContent[];
  readonly clients: readonly ClientContent[];
  readonly absent: readonly string[];
  readonly texts: readonly string[];
  readonly entries: readonly EntryPicture[];
  readonly connections: readonly ConnectionPicture[];
}

interface OutcomeContent {
  readonly name: Outcome;
  readonly word: string;
  readonly meaning: string;
  readonly isFailure: boolean;
  readonly count: number;
}

interface VectorContent extends Pick<VectorFacts, "id" | "title" | "attack" | "duty"> {
  readonly sources: readonly (readonly [text: string, link?: string])[];
}

interface ClientContent {
  readonly title: string;
  readonly configuration: string;
  readonly name: string;
  readonly command: string;
  /** What to change, for the outcomes that ask for it. */
  readonly changes: readonly (readonly [outcome: number, change: string])[];
  readonly failed: number;
  readonly hung: number;
  readonly unproved: number;
  /** One for each vector; `null` if it was not tried. */
  readonly runs: readonly (RunContent | null)[];
}

interface RunContent {
  readonly outcome: number;
  readonly findings: readonly (readonly [verdict: string, evidence: number])[];
  /** What the server lacked; empty if nothing. */
  readonly shortfall: string;
  readonly end: string;
  readonly output: number;
  /** `null` if they were left out because the page would be too large. */
  readonly connections: readonly number[] | null;
}

/** The limit for texts, in octets of JSON. References to them take less than 1 MB more for 25 client configurations. */
const ROOM = 4_500_000;
/** How many characters to keep of the output of a client that did well. */
const OUTPUT = 600;

export function pageContent(report: Report): PageContent {
  const texts = new Pool<string>();
  const entries = new Pool<EntryPicture>();
  const connections = new Pool<ConnectionPicture>();
  const pools = { texts, entries, connections };
  // The worst first: when the room is used up, only good outcomes lack their conversation.
  const drawn = new Map(
    report.clients
      .flatMap(({ runs }) => runs)
      .toSorted((one, other) => outcomes.indexOf(one.outcome) - outcomes.indexOf(other.outcome))
      .map((run) => [run, runContent(run, pools)]),
  );
  return {
    outcomes: outcomes.map((name) => ({
      name,
      word: terms[name].word,
      meaning: terms[name].meaning,
      isFailure: isProvedFailure(name),
      count: report.clients.flatMap(({ runs }) => runs).filter(({ outcome }) => outcome === name).length,
    })),
    groups: groupsOf(report.vectors).map(({ letter, title, families }) => ({
      letter: visible(letter),
      title: visible(title),
      vectors: families.flatMap(({ vectors }) => vectors.map((vector) => report.vectors.indexOf(vector))),
    })),
    vectors: report.vectors.map(vectorContent),
    clients: report.clients.map((client) => clientContent(client, report.vectors, drawn)),
    absent: report.absent.map(({ name }) => visible(name)),
    texts: texts.values,
    entries: entries.values,
    connections: connections.values,
  };
}

interface AllPools extends Pools {
  readonly connections: Pool<ConnectionPicture>;
}

function runContent(run: Run, { texts, entries, connections }: AllPools): RunContent {
  const full = texts.octets >= ROOM;
  const output = visibleLines(run.client.output).trimEnd();
  const kept = isProvedFailure(run.outcome) || run.outcome === "control-failed" ? output : output.slice(-OUTPUT);
  return {
    outcome: outcomes.indexOf(run.outcome),
    findings: run.findings.map(({ verdict, evidence }) => [verdict, texts.add(visible(evidence))]),
    shortfall: run.shortfall === undefined ? "" : shortfalls[run.shortfall],
    end: endOf(run.client),
    output: texts.add(full ? "" : kept),
    connections: full
      ? null
      : run.connections.map((connection) => connections.add(picture(connection, { texts, entries }))),
  };
}

function vectorContent({ id, title, attack, duty, sources }: VectorFacts): VectorContent {
  return {
    id: visible(id),
    title: visible(title),
    attack: visible(attack),
    duty: visible(duty),
    sources: sources.map((source) => {
      const link = linkOf(source);
      return link === undefined ? [visible(source)] : [visible(source), link];
    }),
  };
}

function clientContent(
  client: ClientReport,
  vectors: readonly VectorFacts[],
  drawn: ReadonlyMap<Run, RunContent>,
): ClientContent {
  const runOf = new Map(client.runs.map((run) => [run.vector, drawn.get(run)]));
  const { failed, hung, unproved } = tallyOf(client);
  return {
    title: visible(client.title),
    configuration: visible(client.configuration),
    name: visible(nameOf(client)),
    command: visible(client.command.join(" ")),
    changes: (client.advice ?? []).map(({ outcome, change }) => [outcomes.indexOf(outcome), visible(change)]),
    failed,
    hung,
    unproved,
    runs: vectors.map(({ id }) => runOf.get(id) ?? null),
  };
}
