import assert from "node:assert/strict";
import { test } from "node:test";
import { BackOff } from "./back-off.ts";
import { RateLimit } from "./rate-limit.ts";

test("as many go at once as were saved up, and then one after the other", () => {
  const limit = new RateLimit(10, 1_000, 0);
  for (let at = 0; at < 10; at += 1) {
    assert.equal(limit.delay(1, 0), 0);
    limit.take(1);
  }
  assert.equal(limit.delay(1, 0), 100);
  assert.equal(limit.delay(1, 100), 0);
});

test("no more is saved up than one time's worth, however long nothing went", () => {
  const limit = new RateLimit(10, 1_000, 0);
  assert.equal(limit.delay(10, 3_600_000), 0);
  limit.take(10);
  assert.equal(limit.delay(1, 3_600_000), 100);
});

test("a message to more than go in one time goes when all is saved up, and is made up for afterwards", () => {
  const limit = new RateLimit(10, 60_000, 0);
  assert.equal(limit.delay(25, 0), 0);
  limit.take(25);
  assert.equal(limit.delay(1, 0), 96_000);
});

test("without a limit nothing ever waits", () => {
  const limit = new RateLimit(Infinity, 1_000, 0);
  limit.take(1_000_000);
  assert.equal(limit.delay(1_000_000, 0), 0);
});

test("one failure costs no wait, each further one twice as much, up to a minute; success forgets them", () => {
  const backOff = new BackOff();
  const waits = Array.from({ length: 10 }, () => {
    backOff.failed(0);
    return backOff.delay(0);
  });
  assert.deepEqual(waits, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  assert.equal(backOff.delay(59_999), 1);
  assert.equal(backOff.delay(60_000), 0);
  backOff.succeeded();
  backOff.failed(0);
  assert.equal(backOff.delay(0), 0);
});
