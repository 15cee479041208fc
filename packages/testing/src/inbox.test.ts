import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox } from "./inbox.ts";
import type { CapturedMessage } from "./message.ts";

const message: CapturedMessage = {
  envelope: { from: "", to: ["bob@example.org"], mailParameters: [], rcptParameters: [] },
  username: "app",
  raw: Buffer.alloc(0),
  headers: new Map(),
};

test("the one that waits longest gets the first message, and the deadline of the next is not moved", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const inbox = new Inbox();
  const [first, second] = [inbox.next(1_000), inbox.next(1_000)];
  const late = assert.rejects(second, /No message came within 1000 ms\. What happened last: a message to bob/);
  t.mock.timers.tick(700);
  inbox.add(message);
  assert.equal(await first, message);
  t.mock.timers.tick(300);
  await late;
});

test("two messages at once go to two who wait", async () => {
  const inbox = new Inbox();
  const waiting = [inbox.next(Infinity), inbox.next(Infinity)];
  const other = { ...message, username: "other" };
  inbox.add(message);
  inbox.add(other);
  assert.deepEqual(await Promise.all(waiting), [message, other]);
  await assert.rejects(inbox.next(0), /No message came within 0 ms/);
});

test("without a deadline no timer is set", async (t) => {
  const timer = t.mock.method(globalThis, "setTimeout");
  const inbox = new Inbox();
  const waiting = inbox.next(Infinity);
  inbox.add(message);
  await waiting;
  assert.equal(timer.mock.callCount(), 0);
});
