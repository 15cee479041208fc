/** The rates that a caller sets hold, however slow the caller's own code is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { observe, type SendOptions } from "@postseal/mailer";
import { byBdat, letter, type Rig, rigWith } from "./client.ts";
import { Clock, pause } from "./clock.ts";

/** More than a second, in milliseconds. */
const SLOW = 1_100;
const MOST = 2;

for (const [what, sendAll] of [
  [
    "a caller works between two calls of send",
    async ({ mailer }: Rig, work: () => void) => {
      const sending = ["a", "b", "c", "d"].map((name) => {
        work();
        return mailer.send(letter(name));
      });
      await Promise.all(sending);
    },
  ],
  ["the function progress is slow", (rig: Rig, work: () => void) => together(rig, { progress: work })],
  ["the function beforeHandover is slow", (rig: Rig, work: () => void) => together(rig, { beforeHandover: work })],
  [
    "an observer is slow",
    async (rig: Rig, work: () => void) => {
      using _ = observe({
        "conversation.command": ({ text }) => {
          if (text.startsWith("MAIL")) work();
        },
      });
      await together(rig, {});
    },
  ],
] as const) {
  test(`no second holds more messages than messagesPerSecond, although ${what}`, async () => {
    const rig = await rigWith({ capabilities: byBdat }, { pool: { connections: 1, messagesPerSecond: MOST } });
    const { mailer, server } = rig;
    using clock = new Clock(() => server.traffic);
    await mailer.send(letter("first"));
    await mailer.send(letter("second"));
    await pause(1_500);
    // The time that it takes passes without a turn of the event loop.
    await sendAll(rig, () => (clock.now += SLOW));
    await mailer.close();
    const times = server.taken.map(({ at }) => at);
    assert.equal(times.length, 6);
    for (const from of times)
      assert.ok(times.filter((at) => at >= from && at <= from + 1_000).length <= MOST, times.join());
  });
}

async function together({ mailer }: Rig, options: SendOptions): Promise<void> {
  await Promise.all(["a", "b", "c", "d"].map((name) => mailer.send(letter(name), options)));
}
