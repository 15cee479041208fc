/** Some runs of the model of the pool; `npm run fuzz` makes as many as there is time for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertTruth, byBdat, rigWith } from "../client.ts";
import { Play, poolModel } from "../model.ts";

test("whatever the server does, every message gets one true outcome, and nothing leaks", async () => {
  await fc.assert(poolModel(), { numRuns: 60, endOnFailure: true });
});

test("an honest server is distinguished from one that is not: all messages are accepted", async () => {
  const rig = await rigWith({ capabilities: byBdat });
  const { server, mailer } = rig;
  const play = new Play(rig);
  await play.perform({ do: "send", kind: "small", times: 100, abortAfter: undefined });
  await play.perform({ do: "send", kind: "to many", times: 5, abortAfter: undefined });
  const words = await play.settle();
  await mailer.close();
  assertTruth(words, server);
  assert.ok(words.every(({ error }) => error === undefined));
});
