/** The end of a mailer: what was given before it is waited for, and nothing is left behind, whatever comes at the same time. */
import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { assertTruth, burst, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";

test("a message that was given before the mailer is closed is waited for", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  let isTold = false;
  void wordOf(mailer.send(letter("a"))).then(() => (isTold = true));
  await mailer.close();
  assert.ok(isTold);
  assert.equal(server.taken.length, 1);
});

test("a session that is given a message in the moment before it closes is not kept for another: no timer is left", async () => {
  // The second connection, which so many are worth, never comes: to give it up takes close() a few ticks.
  const never = new Promise<Duplex>(() => {});
  const connect = async (): Promise<Duplex> => (server.connections.length === 0 ? server.connect() : never);
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 2, window: 1 }, connect });
  await burst(mailer, "m", 12);
  const closing = mailer.close();
  const words = [await wordOf(mailer.send(letter("late")))];
  await closing;
  assert.deepEqual(fates(words), ["accepted"]);
  assertTruth(words, server);
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
    [],
  );
});
