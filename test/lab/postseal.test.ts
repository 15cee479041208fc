/** Postseal in its own lab, like any other client: it holds against every vector, and delivers wherever that is safe. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clients, runLab, selectVectors, type Subject } from "@postseal/lab";
import { subjectOf } from "./machine.ts";

const subjects: readonly Subject[] = clients
  .filter(({ id }) => id.startsWith("postseal"))
  .flatMap((client) => client.configurations.map((each) => subjectOf({ client, version: "here" }, each)));

test("`postseal send` and @postseal/mailer hold against every vector, and deliver sealed to every honest server", async () => {
  assert.equal(subjects.length, 2);
  const vectors = selectVectors({ demands: ["current-practice"] });
  const report = await runLab({ subjects, vectors, environment: process.env, timeoutMs: 30_000 });
  const expected = new Map(vectors.map((vector) => [vector.id, vector.expected]));
  for (const { title, runs } of report.clients) {
    assert.equal(runs.length, report.vectors.length);
    const wrong = runs.filter(({ vector, outcome }) =>
      expected.get(vector) === "delivered-sealed"
        ? outcome !== "delivered-sealed"
        : !["held", "delivered-sealed"].includes(outcome),
    );
    assert.deepEqual(
      wrong.map(({ vector, outcome, client }) => `${title}: ${vector} ${outcome} ${client.output}`),
      [],
    );
  }
});
