/** A server that refuses the sender of one message after another: the account is stopped before the whole queue is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../store/operations.ts";
import { claim, claimOne, engines, message, settlement, stateOf } from "./engines.ts";

const refused = { outcome: "refused", code: 550, enhanced: "5.7.1", text: "not you", stage: "mail" } as const;

async function refuse(store: Store, stage = "mail"): Promise<string> {
  const claimed = await claimOne(store);
  const recipients = claimed.recipients.map((address) => ({ ...refused, address, stage }));
  await store.call("settle", settlement(claimed, "finish", { recipients, reason: "550 5.7.1 not you" }));
  return (await stateOf(store, claimed.id)) ?? "gone";
}

async function many(store: Store, count: number, times: number): Promise<readonly string[]> {
  for (let queued = 0; queued < count; queued++) await store.call("enqueue", message());
  const states: string[] = [];
  for (let time = 0; time < times; time++) states.push(await refuse(store));
  return states;
}

for (const { name, open } of engines) {
  test(`${name}: the fifth refusal at MAIL in a row stops the account, and its message stays in the queue`, async (t) => {
    const store = await open(t);
    assert.deepEqual(await many(store, 20, 5), ["done", "done", "done", "done", "waiting"]);
    assert.deepEqual(await claim(store), []);
    const [facts] = (await store.call("counts", null)).accounts;
    assert.equal(facts?.locked, true);
    assert.match(facts?.reason ?? "", /refused 5 messages in a row at MAIL with the same reply: 550 5\.7\.1 not you/);
    // A success that was on its way before does not take the reason away.
    const news = { account: "default", is: "served", reason: undefined, random: 0.5, now: 3 } as const;
    await store.call("tellAccount", news);
    assert.equal((await store.call("counts", null)).accounts[0]?.reason, facts?.reason);
  });

  test(`${name}: what was claimed before the account was stopped stays in the queue too, if it is refused the same way`, async (t) => {
    const store = await open(t);
    for (let queued = 0; queued < 9; queued++) await store.call("enqueue", message());
    const claims = await claim(store, { most: 9 });
    for (const claimed of claims) {
      const recipients = claimed.recipients.map((address) => ({ ...refused, address }));
      await store.call("settle", settlement(claimed, "finish", { recipients }));
    }
    const { states } = await store.call("counts", null);
    assert.deepEqual([states.done, states.waiting], [4, 5]);
  });

  test(`${name}: if nothing was corrected before it is resumed, the next refusal stops it again and no message is lost`, async (t) => {
    const store = await open(t);
    await many(store, 20, 5);
    const resume = { account: "default", stream: undefined, paused: false, now: 3 } as const;
    await store.call("pause", resume);
    assert.equal(await refuse(store), "waiting");
    assert.deepEqual(await claim(store), []);
    await store.call("pause", resume);
    await store.call("settle", settlement(await claimOne(store), "finish"));
    // A success begins a new count.
    for (let time = 0; time < 4; time++) assert.equal(await refuse(store), "done");
    assert.equal(await refuse(store), "waiting");
  });

  test(`${name}: a message whose sender is taken ends the count, even if its recipients are refused`, async (t) => {
    const store = await open(t);
    assert.deepEqual(new Set(await many(store, 20, 4)), new Set(["done"]));
    assert.equal(await refuse(store, "recipient"), "done");
    for (let time = 0; time < 4; time++) assert.equal(await refuse(store), "done");
  });
}
