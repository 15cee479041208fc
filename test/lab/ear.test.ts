/** Clients that would get away with a leak if the lab were hard of hearing, or if a race decided: each is judged as it deserves. */
import assert from "node:assert/strict";
import path from "node:path";
import { suite, test } from "node:test";
import { type Outcome, runLab, vectorNamed } from "@postseal/lab";

const faulty = path.resolve("test/lab/faulty");

const cases: readonly (readonly [client: string, vector: string, outcome: Outcome])[] = [
  ["one-buffer", "B1-same-segment", "injected"],
  ["one-buffer", "B1-command", "injected"],
  ["one-buffer", "B1-merging", "injected"],
  ["one-buffer", "B1-one-octet", "injected"],
  ["one-buffer", "A2-220go", "held"],
  ["falls-back", "C1-self-signed", "leaked-credentials"],
  ["raw-login", "G-handshake-stalls", "leaked-credentials"],
  ["false-record", "C1-self-signed", "leaked-credentials"],
  ["floods", "A1-removed", "held"],
  ["other-port", "A1-removed", "leaked-credentials"],
];

suite("a client that leaks where few would listen is judged as it deserves", { concurrency: 2 }, () => {
  for (const [client, vector, outcome] of cases) {
    test(`${client} at ${vector}: ${outcome}`, async () => {
      const report = await runLab({
        vectors: [vectorNamed(vector)],
        subjects: [
          {
            id: client,
            title: client,
            configuration: "",
            command: [
              "python3",
              path.join(faulty, `${client}.py`),
              ...["host", "port", "ca", "username", "password", "from", "to", "message"].map((word) => `{${word}}`),
            ],
            transports: ["starttls"],
          },
        ],
      });
      const run = report.clients[0]?.runs.find((one) => one.vector === vector);
      assert.equal(run?.outcome, outcome, JSON.stringify(run));
    });
  }
});
