/** Postseal in its own lab, as a stranger would be: it holds in every vector, and delivers wherever that is safe. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clients, runLab, selectVectors, type Subject, type Surroundings } from "@postseal/lab";
import { command } from "../cli/command.ts";

const surroundings: Surroundings = { postseal: [process.execPath, ...command], directories: [process.cwd()] };
const ours = clients.filter(({ id }) => id.startsWith("postseal"));
const subjects: readonly Subject[] = ours.flatMap((client) =>
  client.configurations.map(({ name, command: words, transports }) => ({
    id: client.id,
    title: client.name,
    configuration: name,
    command: words(surroundings),
    transports,
  })),
);

test("`postseal send` and @postseal/mailer hold in every vector, and deliver sealed to every honest server", async () => {
  assert.equal(subjects.length, 2);
  const vectors = selectVectors({ demands: ["current-practice"] });
  const report = await runLab({ subjects, vectors, environment: process.env, timeoutMs: 30_000 });
  const expected = new Map(vectors.map((vector) => [vector.id, vector.expected]));
  for (const { title, runs } of report.clients) {
    assert.equal(runs.length, report.isolation === "namespaces" ? vectors.length : runs.length);
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
