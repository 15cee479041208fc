import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mayTake, refill, take } from "./bucket.ts";
import { type Floor, strictest, weakerThan } from "./floor.ts";
import { MOST_ATTEMPTS, probeDelay, restDelay, retryDelay } from "./schedule.ts";
import { order } from "./shares.ts";

const MINUTE = 60_000;

test("waits grow, differ, and in all attempts together outlast a long weekend", () => {
  const wait = (attempts: number, random = 0.5): number => retryDelay({ attempts, random });
  for (let attempts = 1; attempts < MOST_ATTEMPTS; attempts++) assert.ok(wait(attempts) <= wait(attempts + 1));
  assert.equal(wait(1, 0), 0.75 * MINUTE);
  assert.equal(wait(1, 1), 1.25 * MINUTE);
  const whole = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, at) => wait(at + 1)).reduce((sum, one) => sum + one, 0);
  assert.ok(whole > 3 * 24 * 60 * MINUTE, `${whole / MINUTE} minutes`);
});

test("a server that limits the rate is asked later than one that defers for another reason", () => {
  const other = retryDelay({ attempts: 1, random: 0.5, enhanced: "4.2.0" });
  for (const enhanced of ["4.7.0", "4.7.28", "4.3.2"])
    assert.ok(retryDelay({ attempts: 1, random: 0.5, enhanced }) > other, enhanced);
});

test("the rest of an account and of a domain doubles, up to a limit", () => {
  assert.deepEqual(
    [1, 2, 3, 50].map((failures) => restDelay(failures, 0.5)),
    [2_000, 4_000, 8_000, 10 * MINUTE],
  );
  assert.deepEqual(
    [1, 2, 50].map((failures) => probeDelay(failures, 0.5)),
    [MINUTE, 2 * MINUTE, 60 * MINUTE],
  );
});

test("no bucket gives more in a time than the rate allows and what it held at first", () => {
  const steps = fc.array(
    fc.record({ pass: fc.integer({ min: -1_000, max: 5_000 }), want: fc.integer({ min: 1, max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), steps, (amount, wishes) => {
      const rate = { amount, period: 1_000 };
      let [bucket, now, latest, given] = [refill(undefined, rate, 0), 0, 0, 0];
      for (const { pass, want } of wishes) {
        now += pass;
        latest = Math.max(latest, now);
        bucket = refill(bucket, rate, now);
        if (!mayTake(bucket, rate, want)) continue;
        bucket = take(bucket, want);
        given += want;
      }
      // A clock that goes back and forth passes the same time twice.
      const passed = wishes.reduce((sum, { pass }) => sum + Math.max(0, pass), 0);
      assert.ok(given <= amount + (passed * amount) / 1_000 + 9, `${given} in ${passed} ms`);
    }),
  );
});

test("two streams with work share by their weights, and the lighter one is never left out", () => {
  const lanes = [
    { name: "transactional", weight: 10, served: 0 },
    { name: "bulk", weight: 1, served: 0 },
  ];
  const taken = order(lanes, 110).map(({ lane }) => lane);
  assert.equal(taken.filter((lane) => lane === "bulk").length, 10);
  assert.ok(taken.slice(0, 12).includes("bulk"));
});

test("a stream that was idle does not get what it did not use", () => {
  const lanes = [
    { name: "busy", weight: 1, served: 5_000 },
    { name: "idle", weight: 1, served: 0 },
  ];
  const taken = order(lanes, 20).map(({ lane }) => lane);
  assert.ok(taken.filter((lane) => lane === "busy").length >= 9, taken.join(" "));
});

test("an account that promises less than the message was promised is found in each point", () => {
  const strict = {
    server: "mx.example",
    minVersion: "TLSv1.3",
    postQuantum: "require",
    pinned: true,
    ownAuthorities: true,
  } as const;
  assert.equal(weakerThan(strict, strict), undefined);
  assert.equal(weakerThan({}, {}), undefined);
  assert.equal(weakerThan({}, strict), undefined);
  const weaker: readonly Floor[] = [
    { server: "other.example" },
    { minVersion: "TLSv1.2" },
    { postQuantum: "prefer" },
    { pinned: false },
    { ownAuthorities: false },
  ];
  for (const change of weaker)
    assert.notEqual(weakerThan(strict, { ...strict, ...change }), undefined, JSON.stringify(change));
});

test("what the caller wishes is added to what the account promises, and takes nothing away", () => {
  const account: Floor = { server: "mx.example", minVersion: "TLSv1.3" };
  assert.equal(strictest(account, { minVersion: "TLSv1.2", pinned: true }).minVersion, "TLSv1.3");
  assert.equal(strictest(account, { pinned: true }).pinned, true);
  assert.equal(strictest({}, { postQuantum: "require" }).postQuantum, "require");
  // Another server than the account's: then no account may send it but one that names this server.
  const floor = strictest(account, { server: "other.example" });
  assert.notEqual(weakerThan(floor, account), undefined);
});
