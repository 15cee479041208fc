/** What is forgotten when: all that has ended, and nothing that a message which is still to be sent needs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOne, engines, message, settlement } from "./engines.ts";

for (const { name, open } of engines) {
  test(`${name}: an address is erased from all that has ended, however much of it there is beside what is still to be sent`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 12; count++) await store.call("enqueue", message({ due: count < 3 ? 1_000 : 0 }));
    for (let count = 0; count < 9; count++) await store.call("settle", settlement(await claimOne(store), "finish"));
    const request = { before: 0, now: 5, recipient: "bob@example.net", most: 4 };
    const steps: number[] = [];
    for (let step = 0; step < 3; step++) steps.push((await store.call("purge", request)).purged);
    assert.deepEqual(steps, [4, 4, 1]);
    assert.equal((await store.call("list", { limit: 100 })).length, 3);
  });

  test(`${name}: a part that has ended is remembered as long as another is open, and so is the key`, async (t) => {
    const store = await open(t);
    const queued = message({ key: "k", parts: [["a@example.net"], ["b@example.net"]] });
    await store.call("enqueue", queued);
    const [first, second] = [await claimOne(store), await claimOne(store)];
    await store.call("settle", settlement(first, "finish"));
    const request = { before: 50, now: 50, recipient: undefined, most: 100 };
    assert.equal((await store.call("purge", request)).purged, 0);
    assert.equal((await store.call("enqueue", { ...queued })).is, "duplicate");
    await store.call("settle", settlement(second, "finish", { now: 60 }));
    // The parts are forgotten together, when the last of them is old enough.
    assert.equal((await store.call("purge", request)).purged, 0);
    assert.equal((await store.call("purge", { ...request, before: 60 })).purged, 2);
    assert.equal((await store.call("enqueue", { ...queued })).is, "new");
  });
}
