/** What is queued once stays queued once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOne, engines, message, settlement, stateOf, worker } from "./engines.ts";

for (const { name, open } of engines) {
  test(`${name}: what was queued is there, and a closed store takes nothing`, async (t) => {
    const store = await open(t);
    const queued = message();
    assert.deepEqual(await store.call("enqueue", queued), { is: "new", id: queued.id });
    assert.equal(await stateOf(store, queued.id), "waiting");
    await store.close();
    await assert.rejects(store.call("counts", null), { code: "OUTBOX_CLOSED" });
  });

  test(`${name}: a key is taken once, also by many at once and after the end of its message`, async (t) => {
    const store = await open(t);
    const same = { key: "receipt/1", id: "id of the key" };
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.call("enqueue", message(same))));
    assert.equal(answers.filter(({ is }) => is === "new").length, 1);
    assert.equal(answers.filter(({ is }) => is === "duplicate").length, 49);
    const claimed = await claimOne(store);
    await store.call("mark", { ...claimed, worker, now: 1 });
    await store.call("settle", settlement(claimed, "finish"));
    assert.deepEqual(await store.call("enqueue", message(same)), { is: "duplicate", id: "id of the key" });
    assert.deepEqual(await store.call("enqueue", message({ ...same, hash: "other" })), {
      is: "conflict",
      id: "id of the key",
    });
    const { states } = await store.call("counts", null);
    assert.deepEqual([states.waiting, states.done], [0, 1]);
  });

  test(`${name}: a key is free again when its message is forgotten`, async (t) => {
    const store = await open(t);
    const queued = message({ key: "k" });
    await store.call("enqueue", queued);
    await store.call("settle", settlement(await claimOne(store), "finish", { now: 10 }));
    const request = { now: 20, recipient: undefined, most: 100 };
    assert.deepEqual(await store.call("purge", { ...request, before: 9 }), { purged: 0, more: false });
    assert.deepEqual(await store.call("purge", { ...request, before: 10 }), { purged: 1, more: false });
    assert.equal((await store.call("enqueue", message({ key: "k", hash: "other" }))).is, "new");
    assert.deepEqual(await store.call("details", { id: queued.id }), []);
  });

  test(`${name}: parts share their octets, which go with the last of them`, async (t) => {
    const store = await open(t);
    const queued = message({ parts: [["a@example.net"], ["b@example.net"]], octets: [Buffer.from("whole")] });
    await store.call("enqueue", queued);
    const [first, second] = [await claimOne(store), await claimOne(store)];
    assert.deepEqual([first.recipients, second.recipients], [["a@example.net"], ["b@example.net"]]);
    assert.deepEqual([first.octets, second.octets].map(String), ["119,104,111,108,101", "119,104,111,108,101"]);
    await store.call("settle", settlement(first, "finish"));
    const hasBody = async (): Promise<readonly boolean[]> =>
      (await store.call("details", { id: queued.id })).map((one) => one.hasBody);
    assert.deepEqual(await hasBody(), [true, true]);
    await store.call("settle", settlement(second, "finish"));
    assert.deepEqual(await hasBody(), [false, false]);
  });

  test(`${name}: a body that is kept goes when its time has come`, async (t) => {
    const store = await open(t);
    const queued = message();
    await store.call("enqueue", queued);
    await store.call("settle", settlement(await claimOne(store), "finish", { now: 10, keepBody: 5 }));
    for (const [now, hasBody] of [
      [14, true],
      [15, false],
    ] as const) {
      await store.call("purge", { before: 0, now, recipient: undefined, most: 100 });
      assert.equal((await store.call("details", { id: queued.id }))[0]?.hasBody, hasBody);
    }
  });
}
