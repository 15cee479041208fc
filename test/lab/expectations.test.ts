/** The lab finds weaknesses in this machine's clients where they are documented, and none where they are documented to be safe. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Configuration, type Outcome, type Run, runLab, vectorNamed } from "@postseal/lab";
import type { Expectation } from "./expectation.ts";
import { expectations } from "./expectations.ts";
import { type Found, findClients, subjectOf } from "./machine.ts";

/** Outcomes that a client documented to be safe may not have. Hanging and crashing are faults too, but leak nothing. */
const LEAKS: readonly Outcome[] = [
  "leaked-credentials",
  "leaked-message",
  "leaked-envelope",
  "weak-tls",
  "false-success",
  "injected",
  "control-failed",
];

interface Examined {
  readonly found: Found;
  readonly configuration: Configuration;
  readonly expected: readonly Expectation[];
}

const present = await findClients();
const examined = present.flatMap((found) =>
  found.client.configurations.map((configuration) => ({
    found,
    configuration,
    expected: expectations.filter(
      (expectation) =>
        expectation.client === found.client.id &&
        expectation.configuration === configuration.name &&
        applies(expectation, found.version),
    ),
  })),
);
const runs = await runAll(examined.filter(({ expected }) => expected.length > 0));

suite("what is documented of the clients is what the lab finds", () => {
  for (const { found, configuration, expected } of examined) {
    for (const { vectors, finding, reason, source } of expected) {
      for (const vector of vectors) {
        const name = `${found.client.name} ${configuration.name}`;
        test(`${name}, ${vector}: ${finding}`, () => {
          const run = runs.get(keyOf(found, configuration, vector));
          const why = `${reason} (${source})\n${JSON.stringify(run?.findings)}\n${run?.client.output ?? "no run"}`;
          assert.ok(run !== undefined, why);
          if (finding === "safe")
            assert.ok(!LEAKS.includes(run.outcome), `${run.outcome}, but it has to be safe: ${why}`);
          else assert.equal(run.outcome, finding, why);
        });
      }
    }
  }

  test("every expectation is about a client and a configuration in the catalogue", () => {
    const known = present.flatMap(({ client }) => client.configurations.map(({ name }) => `${client.id} ${name}`));
    const ids = new Set(present.map(({ client }) => client.id));
    const named = expectations
      .filter(({ client }) => ids.has(client))
      .map(({ client, configuration }) => `${client} ${configuration}`);
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
  });

  test("the lab found something weak, and tried something safe", () => {
    const findings = examined.flatMap(({ expected }) => expected.map(({ finding }) => finding));
    assert.ok(findings.includes("leaked-message"));
    assert.ok(findings.includes("leaked-credentials"));
    assert.ok(findings.includes("safe"));
  });
});

/** Tries each client with the vectors named for it, and no other; those with the same vectors share a run. */
async function runAll(all: readonly Examined[]): Promise<ReadonlyMap<string, Run>> {
  const results: Map<string, Run> = new Map();
  const groups: Map<string, Examined[]> = new Map();
  for (const one of all) {
    const key = vectorsOf(one).join(" ");
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const waiting = [...groups.values()];
  const work = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const report = await runLab({
        subjects: group.map(({ found, configuration }) => subjectOf(found, configuration)),
        vectors: group.slice(0, 1).flatMap(vectorsOf).map(vectorNamed),
        jobs: 1,
        environment: process.env,
      });
      for (const [at, { found, configuration }] of group.entries())
        for (const run of report.clients[at]?.runs ?? []) results.set(keyOf(found, configuration, run.vector), run);
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

function vectorsOf({ expected }: Examined): readonly string[] {
  return [...new Set(expected.flatMap(({ vectors }) => vectors))].toSorted();
}

function keyOf({ client }: Found, { name }: Configuration, vector: string): string {
  return JSON.stringify([client.id, name, vector]);
}

function applies({ since, before }: Expectation, version: string): boolean {
  return (
    (since === undefined || compare(version, since) >= 0) && (before === undefined || compare(version, before) < 0)
  );
}

/** Compares versions, number by number from the left. */
function compare(one: string, other: string): number {
  const numbers = (version: string): readonly number[] => version.split(/\D+/).map(Number);
  const [these, those] = [numbers(one), numbers(other)];
  for (const [at, number] of these.entries()) {
    const difference = number - (those[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return these.length - those.length;
}
