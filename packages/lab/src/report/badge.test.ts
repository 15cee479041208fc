import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { formatBadge } from "./badge.ts";
import type { Outcome, Report } from "./report.ts";
import { hostileText, sampleOf, sampleReport } from "./sample.ts";

/** Its words, and the colour of its right half. */
function seen(report: Report): readonly (string | undefined)[] {
  const badge = formatBadge(report);
  return [/<title>Postseal lab: (.*)<\/title>/.exec(badge)?.[1], /x="\d+" [^>]* fill="(#\w+)"/.exec(badge)?.[1]];
}

function withOutcome(outcome: Outcome): Report {
  const clients = sampleOf("heron").clients.map((client) => ({
    ...client,
    runs: client.runs.map((run, at) => (at < 2 ? { ...run, outcome } : run)),
  }));
  return { ...sampleOf("heron"), clients };
}

suite("a badge", () => {
  test("counts the vectors of one client, or the clients", () => {
    assert.deepEqual(seen(sampleOf("heron")), ["none of 13 failed", "#17694e"]);
    assert.deepEqual(seen(sampleOf("skua")), ["8 of 13 failed", "#b3122b"]);
    assert.deepEqual(seen(sampleReport), ["1 of 3 clients failed", "#b3122b"]);
  });

  test("distinguishes hangs, and what is not proved, from failures", () => {
    assert.deepEqual(seen(withOutcome("hang")), ["2 of 13 hung", "#475569"]);
    assert.deepEqual(seen(sampleOf("dodo")), ["nothing proved", "#5f5a50"]);
    const clients = [...sampleOf("dodo").clients, ...sampleOf("heron").clients];
    assert.deepEqual(seen({ ...sampleReport, clients }), ["1 of 2 clients unproved", "#5f5a50"]);
    assert.deepEqual(seen(withOutcome("over-strict")), ["none of 13 failed", "#17694e"]);
  });

  test("is never green if a trial is missing, or if nothing was tried", () => {
    const trial = { client: "heron", configuration: "", vector: "A2-220go", reason: "interrupted by SIGINT" };
    assert.deepEqual(seen({ ...sampleOf("heron"), unfinished: [trial] }), ["unfinished", "#5f5a50"]);
    assert.deepEqual(seen({ ...sampleReport, clients: [] }), ["nothing tried", "#5f5a50"]);
  });

  test("holds nothing that a client or a server said, and fetches nothing", () => {
    const clients = sampleReport.clients.map((client) => ({ ...client, title: hostileText, id: hostileText }));
    const badge = formatBadge({ ...sampleReport, clients, isolationNote: hostileText });
    assert.match(badge, /^[\u0020-\u007e\n]*$/);
    assert.doesNotMatch(badge, /<img|script|href|style|onerror/);
    assert.deepEqual(badge.match(/https?:[^"]*/g), ["http://www.w3.org/2000/svg"]);
  });
});
