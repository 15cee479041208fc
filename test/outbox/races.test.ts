/** What people and time take back while worker processes send: each message ends in one way, and its sender hears which. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Tally } from "./crash/tally.ts";
import { settled, startWorkers } from "./crew.ts";
import { letter, rigFor } from "./rig.ts";

/** How many are claimed at once by two workers. */
const CLAIMED = 64;

test(
  "a cancel that races with the mark: not sent and cancelled, or sent once and too late",
  { timeout: 60_000 },
  async (t) => {
    const count = 300;
    const left = new Map<number, string>();
    const answers = new Map<string, Promise<string>>();
    let passed = 0;
    const cancelOne = (): void => {
      passed += 1;
      // Near those that are claimed and marked just now.
      const near = passed + answers.size / 2 + (Math.random() - 0.5) * CLAIMED;
      const [at] = [...left.keys()].toSorted((one, other) => Math.abs(one - near) - Math.abs(other - near));
      if (at !== undefined) cancel(at);
    };
    const { taken, receive } = new Tally(cancelOne);
    const { outbox, location, account } = await rigFor(t, { serverOptions: { receive } });
    const cancel = (at: number): void => {
      const id = left.get(at) ?? assert.fail();
      left.delete(at);
      answers.set(
        id,
        outbox.cancel({ id }).then(({ changed, kept }) => (changed === 1 ? "cancelled" : Object.keys(kept).join())),
      );
    };
    for (let at = 0; at < count; at++) {
      // Every tenth is written piece by piece, and is marked in the middle of its connection's turn.
      const text = "x".repeat(at % 10 === 9 ? 300_000 : 100);
      left.set(at, (await outbox.enqueue({ ...letter, text: text.replaceAll(/.{70}/g, "$&\r\n") })).id);
    }
    await startWorkers(t, 2, { location, account });
    while (taken.size === 0 || left.size > 0) {
      await setTimeout(20);
      // Once nothing more arrives, nothing asks for the next cancel.
      const { states } = await outbox.stats();
      if (taken.size > 0 && states.waiting + states.leased + states.marked === 0)
        for (const at of left.keys()) cancel(at);
    }
    await settled(outbox);
    const ways = new Map<string, number>();
    const add = (way: string): void => void ways.set(way, (ways.get(way) ?? 0) + 1);
    for (const { id, state, attempts, messageId = "" } of await outbox.list({ limit: count })) {
      const answer = (await answers.get(id)) ?? assert.fail();
      add(`${state}, taken ${taken.get(messageId) ?? 0}, the answer: ${answer}`);
      if (state === "cancelled" && attempts === 1) add("cancelled while a worker had it");
    }
    const counts = JSON.stringify(Object.fromEntries(ways));
    assert.deepEqual(
      [...ways.keys()].toSorted(),
      [
        "cancelled while a worker had it",
        "cancelled, taken 0, the answer: cancelled",
        "done, taken 1, the answer: done",
        "done, taken 1, the answer: marked",
      ],
      counts,
    );
    t.diagnostic(counts);
  },
);

test("a message that expires as it is marked: not sent and expired, or sent once", { timeout: 60_000 }, async (t) => {
  const { taken, receive } = new Tally();
  const { outbox, location, account } = await rigFor(t, { serverOptions: { receive } });
  await startWorkers(t, 2, { location, account });
  const wanted = 120;
  let longest = 200;
  let count = 0;
  for (let [sent, dead] = [0, 0]; sent < wanted || dead < wanted;) {
    await Promise.all(
      Array.from({ length: 12 }, () =>
        outbox.enqueue(letter, { expires: new Date(Date.now() + 10 + Math.random() * longest) }),
      ),
    );
    count += 12;
    ({ done: sent, dead } = (await outbox.stats()).states);
    // However fast this machine is, about half of them expire.
    longest *= dead > sent ? 1.1 : 0.9;
  }
  await settled(outbox);
  const ways = new Map<string, number>();
  const add = (way: string): void => void ways.set(way, (ways.get(way) ?? 0) + 1);
  for (const { id, state, messageId = "" } of await outbox.list({ limit: count })) {
    add(`${state}, taken ${taken.get(messageId) ?? 0}`);
    const [details] = await outbox.show(id);
    if (state === "dead" && details?.attempts.some(({ ending }) => ending === "release") === true)
      add("expired while a worker had it");
  }
  const counts = JSON.stringify(Object.fromEntries(ways));
  assert.deepEqual(
    [...ways.keys()].toSorted(),
    ["dead, taken 0", "done, taken 1", "expired while a worker had it"],
    counts,
  );
  t.diagnostic(counts);
});
