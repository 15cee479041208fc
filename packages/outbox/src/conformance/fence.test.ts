/** The token and the mark: which worker may hand a message over, and which one is believed afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim, claimOne, engines, message, settlement, stateOf, worker } from "./engines.ts";
import { MOST_ATTEMPTS } from "../model/schedule.ts";
import type { Claim, Store } from "../store/operations.ts";

const other = "worker-2";

async function outcomesOf(store: Store, id: string): Promise<readonly string[]> {
  const [details] = await store.call("details", { id });
  return details?.message.recipients.map(({ outcome }) => outcome) ?? [];
}

for (const { name, open } of engines) {
  test(`${name}: two workers never have the same message`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 40; count++) await store.call("enqueue", message());
    const claims = await Promise.all([
      claim(store),
      claim(store, { worker: other }),
      claim(store),
      claim(store, { worker: other }),
    ]);
    const seqs = claims.flat().map(({ seq }) => seq);
    assert.equal(seqs.length, 40);
    assert.equal(new Set(seqs).size, 40);
  });

  test(`${name}: a worker that was taken for dead cannot mark, so it cannot send`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    const asleep = await claimOne(store);
    assert.deepEqual(await store.call("reap", { workers: [worker], now: 2 }), { reclaimed: 1, doubtful: 0 });
    // Nobody has it yet.
    assert.equal(await store.call("mark", { ...asleep, worker, now: 3 }), false);
    const awake = await claimOne(store, { worker: other });
    assert.equal(awake.token, asleep.token + 1);
    assert.equal(awake.attempts, 1);
    assert.equal(await store.call("mark", { ...asleep, worker, now: 3 }), false);
    assert.equal(await store.call("mark", { ...awake, worker: other, now: 3 }), true);
    assert.equal(await store.call("settle", settlement(asleep, "release")), false);
    assert.equal(await stateOf(store, queued.id), "marked");
  });

  test(`${name}: marked by a worker that died is in doubt, and held`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    await store.call("mark", { ...(await claimOne(store)), worker, now: 1 });
    assert.deepEqual(await store.call("reap", { workers: [worker], now: 2 }), { reclaimed: 0, doubtful: 1 });
    assert.equal(await stateOf(store, queued.id), "held");
    assert.deepEqual(await outcomesOf(store, queued.id), ["unknown"]);
    assert.equal((await store.call("counts", null)).unknown, 1);
    assert.deepEqual(await claim(store), []);
  });

  test(`${name}: a message whose worker dies after every mark is redelivered only so often`, async (t) => {
    const store = await open(t);
    const queued = message({ onUnknown: "redeliver" });
    await store.call("enqueue", queued);
    for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts++) {
      assert.equal(await stateOf(store, queued.id), "waiting");
      await store.call("mark", { ...(await claimOne(store, { now: attempts })), worker, now: attempts });
      await store.call("reap", { workers: [worker], now: attempts });
    }
    assert.equal(await stateOf(store, queued.id), "held");
    assert.deepEqual(await outcomesOf(store, queued.id), ["unknown"]);
  });

  test(`${name}: late evidence beats the doubt`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    const claimed = await claimOne(store);
    await store.call("mark", { ...claimed, worker, now: 1 });
    await store.call("reap", { workers: [worker], now: 2 });
    assert.equal(await store.call("settle", settlement(claimed, "finish")), true);
    assert.equal(await stateOf(store, queued.id), "done");
    assert.deepEqual(await outcomesOf(store, queued.id), ["accepted"]);
    assert.equal((await store.call("counts", null)).unknown, 0);
  });

  test(`${name}: a redelivery that nobody has begun is stopped by late evidence; one that was begun is not`, async (t) => {
    for (const begun of [false, true]) {
      const store = await open(t);
      const queued = message({ onUnknown: "redeliver" });
      await store.call("enqueue", queued);
      const claimed = await claimOne(store);
      await store.call("mark", { ...claimed, worker, now: 1 });
      await store.call("reap", { workers: [worker], now: 2 });
      assert.equal(await stateOf(store, queued.id), "waiting");
      if (begun) await claimOne(store, { worker: other, now: 5 });
      assert.equal(await store.call("settle", settlement(claimed, "finish")), !begun);
      assert.equal(await stateOf(store, queued.id), begun ? "leased" : "done");
    }
  });

  test(`${name}: a worker is known once it has a message, although its heartbeat is late`, async (t) => {
    const store = await open(t);
    await store.call("enqueue", message());
    await claimOne(store, { now: 5 });
    const [known] = await store.call("workers", null);
    assert.deepEqual([known?.worker, known?.seen], [worker, 5]);
    assert.deepEqual(await store.call("reap", { workers: [], now: 6 }), { reclaimed: 0, doubtful: 0 });
    const facts = { worker, host: "h", pid: 1, started: "s" };
    await store.call("beat", { ...facts, now: 7 });
    assert.deepEqual(await store.call("workers", null), [{ ...facts, seen: 7 }]);
  });

  test(`${name}: a worker leaves only when it has nothing any more`, async (t) => {
    const store = await open(t);
    await store.call("enqueue", message());
    await store.call("beat", { worker, host: "h", pid: 1, started: "s", now: 1 });
    const claimed = await claimOne(store);
    await store.call("leave", { worker });
    assert.equal((await store.call("workers", null)).length, 1);
    await store.call("settle", settlement(claimed, "finish"));
    await store.call("leave", { worker });
    assert.deepEqual(await store.call("workers", null), []);
  });

  test(`${name}: cancel before the mark stops it, and after the mark comes too late`, async (t) => {
    const store = await open(t);
    const [early, late] = [message(), message()];
    for (const one of [early, late]) await store.call("enqueue", one);
    const [first, second] = [await claimOne(store), await claimOne(store)];
    await store.call("mark", { ...second, worker, now: 1 });
    const cancel = (id: string): Promise<unknown> =>
      store.call("cancel", { where: { id, limit: 10 }, now: 2, reason: undefined });
    assert.deepEqual(await cancel(early.id), { changed: 1, kept: {} });
    assert.deepEqual(await cancel(late.id), { changed: 0, kept: { marked: 1 } });
    assert.equal(await store.call("mark", { ...first, worker, now: 3 }), false);
    assert.equal(await store.call("settle", settlement(first, "release")), false);
    assert.equal(await stateOf(store, early.id), "cancelled");
    assert.deepEqual(await outcomesOf(store, early.id), ["cancelled"]);
  });

  test(`${name}: what has expired by the time of its mark is not handed over`, async (t) => {
    const store = await open(t);
    const queued = message({ expires: 50 });
    await store.call("enqueue", queued);
    const claimed = await claimOne(store);
    assert.equal(await store.call("mark", { ...claimed, worker, now: 50 }), false);
    await store.call("settle", settlement(claimed, "release", { now: 51 }));
    assert.deepEqual(await store.call("expire", { now: 51, delayAfter: 1_000 }), { expired: 1 });
    assert.deepEqual([await stateOf(store, queued.id), await outcomesOf(store, queued.id)], ["dead", ["expired"]]);
  });

  test(`${name}: what has expired is not given out, however much of it there is`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 150; count++) await store.call("enqueue", message({ expires: 10 }));
    const alive = message();
    await store.call("enqueue", alive);
    const turns = [await claim(store, { now: 20 }), await claim(store, { now: 20 }), await claim(store, { now: 20 })];
    assert.deepEqual(
      turns.map((claims) => claims.map(({ id }) => id)),
      [[], [], [alive.id]],
    );
    assert.equal((await store.call("counts", null)).states.dead, 150);
  });

  test(`${name}: a message with several outcomes goes again only to those that were deferred`, async (t) => {
    const store = await open(t);
    const queued = message({ parts: [["a@x.example", "b@x.example", "c@y.example"]] });
    await store.call("enqueue", queued);
    const claimed = await claimOne(store);
    const [yes, no, later] = claimed.recipients;
    const recipients = [
      { address: yes ?? "", outcome: "accepted", code: 250, text: "ok" },
      { address: no ?? "", outcome: "refused", code: 550, enhanced: "5.1.1", text: "no", stage: "recipient" },
      { address: later ?? "", outcome: "deferred", code: 450, text: "later", stage: "recipient" },
    ] as const;
    await store.call("settle", settlement(claimed, "defer", { recipients, due: 100 }));
    assert.deepEqual(await claim(store, { now: 99 }), []);
    const again = await claimOne(store, { now: 100 });
    assert.deepEqual(again.recipients, ["c@y.example"]);
    assert.deepEqual(await outcomesOf(store, queued.id), ["accepted", "refused", "deferred"]);
    assert.equal(again.attempts, 2);
  });

  test(`${name}: what is in doubt is resolved by a person, and then nobody else's word counts`, async (t) => {
    for (const as of ["delivered", "again"] as const) {
      const store = await open(t);
      const queued = message();
      await store.call("enqueue", queued);
      const claimed = await claimOne(store);
      await store.call("mark", { ...claimed, worker, now: 1 });
      await store.call("settle", settlement(claimed, "doubt"));
      assert.deepEqual(await store.call("resolve", { id: queued.id, as, now: 5 }), { changed: 1, kept: {} });
      assert.equal(await stateOf(store, queued.id), as === "delivered" ? "done" : "waiting");
      assert.deepEqual(await outcomesOf(store, queued.id), [as === "delivered" ? "accepted" : "pending"]);
      assert.equal(await store.call("settle", settlement(claimed, "finish")), false);
      if (as === "again") assert.equal((await claimOne(store, { now: 9 })).octets?.length, 5);
    }
  });

  test(`${name}: all that happened can be read from where one stopped`, async (t) => {
    const store = await open(t);
    const [one, two] = [message(), message({ expires: 5 })];
    await store.call("enqueue", one);
    await store.call("settle", settlement(await claimOne(store), "defer", { now: 3, due: 3, reason: "450 later" }));
    await store.call("enqueue", two);
    await store.call("expire", { now: 9, delayAfter: 5 });
    await store.call("settle", settlement(await claimOne(store, { now: 9 }), "finish", { now: 10 }));
    const all = await store.call("events", { after: 0, limit: 100 });
    assert.deepEqual(
      all.map(({ id, kind, state }) => [id, kind, state]),
      [
        [one.id, "defer", "waiting"],
        [two.id, "expire", "dead"],
        [one.id, "delay", "waiting"],
        [one.id, "finish", "done"],
      ],
    );
    assert.deepEqual(await store.call("events", { after: all[1]?.seq ?? 0, limit: 100 }), all.slice(2));
  });

  test(`${name}: a message that was queued for a later time is not late because of that`, async (t) => {
    const store = await open(t);
    const queued = message({ due: 1_000 });
    await store.call("enqueue", queued);
    const attempt = await claimOne(store, { now: 1_000 });
    await store.call("settle", settlement(attempt, "defer", { now: 1_001, due: 2_000, reason: "450 later" }));
    const kinds = async (): Promise<readonly string[]> =>
      (await store.call("events", { after: 0, limit: 100 })).map(({ kind }) => kind);
    await store.call("expire", { now: 1_099, delayAfter: 100 });
    assert.deepEqual(await kinds(), ["defer"]);
    await store.call("expire", { now: 1_101, delayAfter: 100 });
    assert.deepEqual(await kinds(), ["defer", "delay"]);
  });

  test(`${name}: what is given back by its worker after it was taken from it counts as no attempt, once`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    const asleep = await claimOne(store);
    await store.call("reap", { workers: [worker], now: 2 });
    for (let count = 0; count < 2; count++) await store.call("settle", settlement(asleep, "release"));
    const [details] = await store.call("details", { id: queued.id });
    assert.equal(details?.message.attempts, 0);
    // In doubt it did count, until the worker says that nothing was handed over.
    const again = await claimOne(store, { now: 200 });
    await store.call("mark", { ...again, worker, now: 200 });
    await store.call("reap", { workers: [worker], now: 201 });
    await store.call("settle", settlement(again, "release"));
    const [later] = await store.call("details", { id: queued.id });
    assert.deepEqual([later?.message.state, later?.message.attempts], ["waiting", 0]);
  });

  test(`${name}: what was cancelled while in doubt waits for nobody`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    const claimed = await claimOne(store);
    await store.call("mark", { ...claimed, worker, now: 1 });
    await store.call("settle", settlement(claimed, "doubt"));
    assert.equal((await store.call("counts", null)).unknown, 1);
    await store.call("cancel", { where: { id: queued.id, limit: 1 }, now: 3, reason: undefined });
    const { unknown, states } = await store.call("counts", null);
    assert.deepEqual([unknown, states.cancelled], [0, 1]);
    assert.deepEqual(await outcomesOf(store, queued.id), ["unknown"]);
  });

  test(`${name}: a pause before the mark stops what a worker already has, and after the mark comes too late`, async (t) => {
    for (const stream of [undefined, "transactional"]) {
      const store = await open(t);
      for (let count = 0; count < 2; count++) await store.call("enqueue", message());
      const [first, second] = [await claimOne(store), await claimOne(store)];
      const mark = (claimed: Claim): Promise<boolean> => store.call("mark", { ...claimed, worker, now: 2 });
      const pause = (paused: boolean): Promise<null> =>
        store.call("pause", { account: "default", stream, paused, now: 2 });
      assert.equal(await mark(first), true);
      await pause(true);
      assert.equal(await mark(second), false);
      assert.equal(await store.call("settle", settlement(first, "finish")), true);
      await store.call("settle", settlement(second, "release", { due: 2 }));
      assert.deepEqual(await claim(store, { now: 3 }), []);
      await pause(false);
      assert.equal(await mark(await claimOne(store, { now: 4 })), true);
    }
  });
}
