import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Alarm } from "./alarm.ts";
import { timers } from "./scripted-stream.test.ts";

/** Timers and a clock that the test moves. */
function clock(): { readonly pass: (milliseconds: number) => void; readonly stop: () => void } {
  let now = 0;
  const watch = mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  return {
    pass: (milliseconds) => {
      for (let at = 0; at < milliseconds; at += 1) {
        now += 1;
        mock.timers.tick(1);
      }
    },
    stop: () => {
      watch.mock.restore();
      mock.timers.reset();
    },
  };
}

test("an alarm rings when it is due, and once", () => {
  const { pass, stop } = clock();
  let rings = 0;
  const alarm = new Alarm(() => (rings += 1));
  alarm.set(10);
  pass(9);
  assert.equal(rings, 0);
  pass(1);
  assert.equal(rings, 1);
  pass(100);
  assert.equal(rings, 1);
  stop();
});

test("a deadline can be moved later, and earlier", () => {
  const { pass, stop } = clock();
  let rings = 0;
  const alarm = new Alarm(() => (rings += 1));
  alarm.set(10);
  pass(5);
  alarm.set(100);
  pass(99);
  assert.equal(rings, 0);
  pass(1);
  assert.equal(rings, 1);
  alarm.set(100);
  alarm.set(10);
  pass(10);
  assert.equal(rings, 2);
  stop();
});

test("a disarmed alarm does not ring, and can be set again", () => {
  const { pass, stop } = clock();
  let rings = 0;
  const alarm = new Alarm(() => (rings += 1));
  alarm.set(10);
  alarm.disarm();
  pass(50);
  assert.equal(rings, 0);
  alarm.set(10);
  pass(10);
  assert.equal(rings, 1);
  alarm.set(10);
  alarm.cancel();
  pass(10);
  assert.equal(rings, 1);
  stop();
});

test("what is read in the turn in which an alarm is due may move it, however late it is", async () => {
  let rings = 0;
  const alarm = new Alarm(() => (rings += 1));
  const { promise, resolve } = Promise.withResolvers<void>();
  alarm.set(5);
  // It runs after the alarm's timer in the same turn, as a received reply would: both are due once the process has been busy.
  setTimeout(() => {
    alarm.set(60_000);
    resolve();
  }, 6);
  const busyUntil = performance.now() + 20;
  while (performance.now() < busyUntil);
  await promise;
  await turn();
  assert.equal(rings, 0);
  alarm.cancel();
});

test("an alarm keeps the process alive while it is set, and not once it is disarmed", () => {
  const before = timers();
  const alarm = new Alarm(() => {});
  alarm.set(60_000);
  assert.equal(timers(), before + 1);
  alarm.disarm();
  assert.equal(timers(), before);
  alarm.set(60_000);
  assert.equal(timers(), before + 1);
  alarm.cancel();
  assert.equal(timers(), before);
});
