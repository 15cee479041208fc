/** The end of a mailer: what was given before it is waited for, and nothing is left behind, whatever comes at the same time. */
import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { assertTruth, burst, byBdat, letter, rigWith, wordOf } from "./client.ts";

test("a message that was given before the mailer is closed is waited for, also where its file is still being asked for", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  let isTold = false;
  const attachments = [{ path: import.meta.filename }];
  const message = { from: "a@x.example", to: "to-a@x.example", attachments };
  void wordOf(mailer.send(message)).then(() => (isTold = true));
  await mailer.close();
  assert.ok(isTold);
  assert.equal(server.taken.length, 1);
});

for (const ticks of [0, 1, 2, 3, 4, 5, 6, 8, 12]) {
  test(`a session that is given a message ${ticks} ticks after it began to close is not kept for another: no timer is left`, async () => {
    // The second connection, which so many are worth, never comes: to give it up takes close() a few ticks.
    const never = new Promise<Duplex>(() => {});
    const connect = async (): Promise<Duplex> => (server.connections.length === 0 ? server.connect() : never);
    const { server, mailer } = await rigWith(
      { capabilities: byBdat },
      { pool: { connections: 2, window: 1 }, connect },
    );
    await burst(mailer, "m", 12);
    const closing = mailer.close();
    for (let tick = 0; tick < ticks; tick += 1) await undefined;
    // Where it comes too late for this session it asks for one of its own, which is the one that never comes.
    const late = wordOf(mailer.send(letter("late"), { signal: AbortSignal.timeout(200) }));
    await closing;
    assertTruth([await late], server);
    await mailer.close();
    assert.deepEqual(
      process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
      [],
    );
  });
}
