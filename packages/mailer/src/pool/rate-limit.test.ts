import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimit } from "./rate-limit.ts";

test("as many as the limit go at once, and the next once the first is a whole period old", () => {
  const limit = new RateLimit(10, 1_000);
  for (let at = 0; at < 10; at += 1) {
    assert.equal(limit.delay(1, at), 0);
    limit.take(1, at);
  }
  assert.equal(limit.delay(1, 9), 992);
  assert.equal(limit.delay(1, 1_001), 0);
  assert.equal(limit.delay(2, 1_001), 1);
});

test("a quiet time saves up nothing", () => {
  const limit = new RateLimit(10, 1_000);
  assert.equal(limit.delay(10, 3_600_000), 0);
  limit.take(10, 3_600_000);
  assert.equal(limit.delay(1, 3_600_000), 1_001);
});

test("a request for more than the limit waits only until as many as the limit may go", () => {
  const limit = new RateLimit(10, 60_000);
  limit.take(4, 0);
  assert.equal(limit.delay(25, 0), 60_001);
});

test("what is reserved counts from when it happens, and until then as if it happened now", () => {
  const limit = new RateLimit(2, 1_000);
  limit.reserve(1, 0);
  limit.reserve(1, 0);
  assert.deepEqual([limit.delay(1, 0), limit.delay(1, 5_000)], [1_001, 1_001]);
  limit.happened(5_000);
  assert.deepEqual([limit.delay(1, 5_000), limit.delay(2, 6_001)], [1_001, 0]);
});

test("without a limit nothing ever waits", () => {
  const limit = new RateLimit(Infinity, 1_000);
  limit.take(1_000_000, 0);
  assert.equal(limit.delay(1_000_000, 0), 0);
});

test("whatever is asked and when, no stretch has more than the limit, and no wait is longer than it has to be", () => {
  const asks = fc.array(fc.record({ after: fc.nat(400), count: fc.integer({ min: 1, max: 7 }) }), { maxLength: 200 });
  fc.assert(
    fc.property(asks, (some) => {
      const [most, time] = [7, 1_000];
      const limit = new RateLimit(most, time);
      const taken: { readonly at: number; readonly count: number }[] = [];
      const heldBy = (at: number): number =>
        taken.filter((one) => one.at >= at - time && one.at <= at).reduce((sum, { count }) => sum + count, 0);
      let now = 0;
      for (const { after, count } of some) {
        now += after;
        const delay = limit.delay(count, now);
        if (delay > 0) assert.ok(heldBy(now + delay - 1) + count > most, "it could have gone before");
        now += delay;
        assert.equal(limit.delay(count, now), 0);
        limit.take(count, now);
        taken.push({ at: now, count });
        assert.ok(heldBy(now) <= most, `${heldBy(now)} in a stretch`);
      }
    }),
  );
});
