/** What stays after a clock was set wrong for a while: nothing that the outbox chose itself may wait for that time to come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim, claimOne, engines, message, settlement } from "./engines.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const expires = 100 * DAY;

for (const { name, open } of engines) {
  test(`${name}: an account that rests by a clock which was ahead serves once the clock is set back`, async (t) => {
    const store = await open(t);
    await store.call("enqueue", message({ expires }));
    await store.call("tellAccount", { account: "default", is: "failing", reason: "421", random: 0.5, now: DAY });
    assert.equal((await claim(store, { now: 1 })).length, 0);
    await store.call("expire", { now: 1, delayAfter: DAY });
    assert.equal((await claim(store, { now: 1 })).length, 1);
  });

  test(`${name}: a rate that was used up by a clock which was ahead fills again once the clock is set back`, async (t) => {
    const store = await open(t);
    const rate = { amount: 1, period: MINUTE };
    for (const account of [
      { name: "default", messages: rate, recipients: undefined },
      { name: "other", messages: undefined, recipients: rate },
    ]) {
      for (let count = 0; count < 2; count++) await store.call("enqueue", message({ expires, account: account.name }));
      assert.equal((await claim(store, { account, now: DAY })).length, 1);
      assert.equal((await claim(store, { account, now: 1 })).length, 0);
      assert.equal((await claim(store, { account, now: MINUTE })).length, 0);
      assert.equal((await claim(store, { account, now: MINUTE + 1 })).length, 1);
    }
  });

  test(`${name}: a rest that the clock explains is not cut short`, async (t) => {
    const store = await open(t);
    await store.call("enqueue", message({ expires }));
    // So many failures that it rests for as long as there is.
    for (let now = 1; now < 10 * DAY; now += DAY)
      await store.call("tellAccount", { account: "default", is: "failing", reason: "421", random: 1, now });
    const [{ restsUntil } = assert.fail()] = (await store.call("counts", null)).accounts;
    await store.call("expire", { now: restsUntil - 12 * MINUTE, delayAfter: DAY });
    assert.equal((await claim(store, { now: restsUntil - 1 })).length, 0);
  });

  test(`${name}: a message that a worker with such a clock releases is still due, after those beside it`, async (t) => {
    const store = await open(t);
    const [first, second] = [message({ expires }), message({ expires })];
    for (const one of [first, second]) await store.call("enqueue", one);
    const claimed = await claimOne(store, { now: DAY });
    assert.equal(claimed.id, first.id);
    await store.call("settle", settlement(claimed, "release", { now: DAY, due: DAY }));
    assert.deepEqual(
      (await claim(store, { now: 10 })).map(({ id }) => id),
      [second.id, first.id],
    );
  });
}
