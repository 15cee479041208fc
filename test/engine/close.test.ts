/** The end of a mailer: what was given before it is waited for, and nothing is left behind, whatever comes at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";

test("a message that was given before the mailer is closed is waited for", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  let isTold = false;
  void wordOf(mailer.send(letter("a"))).then(() => (isTold = true));
  await mailer.close();
  assert.ok(isTold);
  assert.equal(server.taken.length, 1);
});

test("a message that comes while the mailer closes is told its fate, and leaves no timer behind", async () => {
  // The last of them comes when the mailer is closed.
  for (let late = 0; late <= 40; late += 1) {
    const { server, mailer } = await rigWith({ capabilities: byBdat });
    await mailer.send(letter("a"));
    const closing = mailer.close();
    for (let tick = 0; tick < late; tick += 1) await Promise.resolve();
    const words = [await wordOf(mailer.send(letter("b")))];
    await closing;
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await mailer.close();
    assertTruth(words, server);
    assert.deepEqual(fates(words), ["accepted"]);
    // Where it came too late for the connection that closes, another one waits for the next.
    assert.equal(timers, server.connections.length - 1, `${late} ticks late`);
  }
});
