import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, isFailure, type Outcome, outcomes, type Report } from "@postseal/lab";
import { conclusionOf } from "./conclusion.ts";

function reportOf(...found: readonly Outcome[]): Report {
  const runs = found.map((outcome) => ({
    vector: "A1-removed",
    outcome,
    findings: [],
    canaries,
    client: { exitCode: 1, signal: null, timedOut: false, output: "" },
    durationMs: 1,
    connections: [],
  }));
  return {
    format: "postseal-lab-report",
    version: 1,
    startedAt: "2026-11-07T09:30:00.000Z",
    durationMs: 1,
    isolation: "loopback",
    vectors: [],
    clients: [{ id: "command", title: "skua", configuration: "", command: ["skua"], runs }],
    absent: [],
  };
}

test("a hang has an exit of its own, unless something worse was found", () => {
  assert.equal(conclusionOf(reportOf("held", "hang", "over-strict")), "hung");
  for (const outcome of outcomes.filter((one) => isFailure(one) && one !== "hang"))
    assert.equal(conclusionOf(reportOf("hang", outcome)), "found", outcome);
});

test("what is no failure is done", () => {
  assert.equal(conclusionOf(reportOf("held", "delivered-sealed", "over-strict")), "done");
});

test("a trial without a result counts as a failure, also beside a hang", () => {
  const unfinished = [{ client: "command", configuration: "", vector: "A2-220go", reason: "a reason" }];
  for (const outcome of ["held", "hang"] as const)
    assert.equal(conclusionOf({ ...reportOf(outcome), unfinished }), "found");
});
