/** What the command's own errors tell a program. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OutboxError } from "@postseal/outbox";
import { CommandError } from "./command-error.ts";
import { exitCodeOf } from "./result/exit-code.ts";
import { explainFailure } from "./result/failure.ts";
import { outboxWords } from "./result/own-words.ts";

test("an outbox that is busy is worth another try, as its exit code says; one that is damaged is not", () => {
  for (const [code, disposition, exit] of [
    ["OUTBOX_STORE_BUSY", "retry", 75],
    ["OUTBOX_STORE_FULL", "retry", 75],
    ["OUTBOX_STORE_DAMAGED", "give-up", 78],
  ] as const) {
    const error = new CommandError(code, "x", new OutboxError(code, "x"));
    assert.deepEqual([error.disposition, exitCodeOf({ kind: "failed", error })], [disposition, exit]);
    const { note } = explainFailure({ kind: "failed", error }, exit, outboxWords);
    assert.equal(note, `${code}; exit ${exit}${disposition === "retry" ? "; trying again is safe" : ""}`);
  }
  assert.equal(new CommandError("CLI_USAGE", "x", new OutboxError("OUTBOX_STORE_BUSY", "x")).disposition, "give-up");
});
