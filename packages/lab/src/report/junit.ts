/** A report for build servers, as JUnit XML: a suite for each client configuration, a test for each vector. */
import {
  type ClientReport,
  type Report,
  type Run,
  type UnfinishedTrial,
  type VectorFacts,
  isFailure,
} from "./report.ts";
import { terms } from "./outcome-terms.ts";
import { changeOf, circumstancesOf, endOf, evidenceOf, nameOf } from "./summary.ts";
import { visible, visibleLines } from "./visible-text.ts";
import { escaped } from "./entities.ts";

export function formatJunit(report: Report): string {
  const vectors = new Map(report.vectors.map((vector) => [vector.id, vector]));
  const runs = report.clients.flatMap((client) => client.runs);
  const suites = report.clients.map((client) => suiteOf(client, report, vectors)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes({ name: "postseal lab", ...countsOf(runs, report.unfinished), time: seconds(report.durationMs) })}>
${suites}</testsuites>
`;
}

type Vectors = ReadonlyMap<string, VectorFacts>;

function suiteOf(client: ClientReport, report: Report, vectors: Vectors): string {
  const time = client.runs.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const unfinished = (report.unfinished ?? []).filter(
    (trial) => trial.client === client.id && trial.configuration === client.configuration,
  );
  const facts = {
    name: nameOf(client),
    ...countsOf(client.runs, unfinished),
    time: seconds(time),
    timestamp: report.startedAt,
  };
  const properties = { command: client.command.join(" "), circumstances: circumstancesOf(report) };
  const lines = Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>\n`);
  return `  <testsuite${attributes(facts)}>
    <properties>
${lines.join("")}    </properties>
${client.runs.map((run) => caseOf(run, client, vectors.get(run.vector))).join("")}${unfinished.map((trial) => errorOf(trial, client)).join("")}  </testsuite>
`;
}

function caseOf(run: Run, client: ClientReport, vector: VectorFacts | undefined): string {
  const facts = {
    classname: classNameOf(client),
    name: `${run.vector} ${vector?.title ?? ""}`.trim(),
    time: seconds(run.durationMs),
  };
  const content = contentOf(run, client, vector);
  if (content === "") return `    <testcase${attributes(facts)}/>\n`;
  return `    <testcase${attributes(facts)}>\n${content}    </testcase>\n`;
}

/** A test that could not be made. */
function errorOf({ vector, reason }: UnfinishedTrial, client: ClientReport): string {
  const facts = attributes({ classname: classNameOf(client), name: vector, time: seconds(0) });
  return `    <testcase${facts}>\n      <error${attributes({ message: reason })}/>\n    </testcase>\n`;
}

function contentOf(run: Run, tested: ClientReport, vector: VectorFacts | undefined): string {
  const { outcome, client } = run;
  const account = text(accountOf(run, changeOf(outcome, tested), vector));
  if (isFailure(outcome)) {
    const failure = attributes({ type: outcome, message: `${outcome}: ${evidenceOf(run)}` });
    const printed = client.output === "" ? "" : `      <system-out>${text(client.output)}</system-out>\n`;
    return `      <failure${failure}>${account}</failure>\n${printed}`;
  }
  return outcome === "over-strict" ? `      <system-out>${account}</system-out>\n` : "";
}

function accountOf(
  { outcome, findings, client }: Run,
  change: string | undefined,
  vector: VectorFacts | undefined,
): string {
  return [
    `${outcome}: ${terms[outcome].meaning}`,
    ...findings.map(({ verdict, evidence }) => `${verdict}: ${evidence}`),
    `The client: ${endOf(client)}`,
    ...(change === undefined ? [] : [`What to change: ${change}`]),
    ...(vector === undefined
      ? []
      : [
          `What the attack does: ${vector.attack}`,
          `What a correct client does: ${vector.duty}`,
          `Sources: ${vector.sources.join("; ")}`,
        ]),
  ].join("\n");
}

/** Build servers read a dot as a package separator, so the only one is between the lab and the client. */
function classNameOf({ id, configuration }: ClientReport): string {
  return `postseal-lab.${`${id} ${configuration}`.trim().replaceAll(".", "_")}`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function countsOf(runs: readonly Run[], unfinished: readonly UnfinishedTrial[] = []): Counts {
  return {
    tests: runs.length + unfinished.length,
    failures: runs.filter(({ outcome }) => isFailure(outcome)).length,
    errors: unfinished.length,
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(visible(String(value)))}"`)
    .join("");
}

/** `visibleLines` removes every character that XML 1.0 forbids (section 2.2) or that its readers would change. */
function text(value: string): string {
  return escaped(visibleLines(value));
}
