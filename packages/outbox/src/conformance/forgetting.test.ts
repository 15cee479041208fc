/** What is forgotten when: all that has ended, and nothing that a message which is still to be sent needs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim, claimOne, engines, message, settlement, worker } from "./engines.ts";

for (const { name, open } of engines) {
  test(`${name}: an address is erased from all that has ended, and from nothing that is still to be sent`, async (t) => {
    const store = await open(t);
    const [alone, shared, open_] = [
      message({ parts: [["bob@example.net"]] }),
      message({ parts: [["bob@example.net", "eve@example.net"]] }),
      message({ parts: [["bob@example.net"]], due: 1_000 }),
    ];
    for (const one of [alone, shared, open_]) await store.call("enqueue", one);
    for (let count = 0; count < 2; count++) await store.call("settle", settlement(await claimOne(store), "finish"));
    const erased = await store.call("purge", { before: 0, now: 5, recipient: "bob@example.net", most: 100 });
    assert.equal(erased.purged, 2);
    const left = await store.call("list", { limit: 10 });
    assert.deepEqual(
      left.map(({ id, recipients }) => [id, recipients.map(({ address }) => address)]),
      [
        [shared.id, ["eve@example.net"]],
        [open_.id, ["bob@example.net"]],
      ],
    );
    const events = await store.call("events", { after: 0, limit: 100 });
    assert.doesNotMatch(JSON.stringify(events), /bob@/);
  });

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

  test(`${name}: an erased address is in no reason, no other recipient's reply and no body that was kept`, async (t) => {
    const store = await open(t);
    const shared = message({ parts: [["bob@example.net", "eve@example.net"]] });
    await store.call("enqueue", shared);
    const reason = "MAIL_REFUSED: refused for <bob@example.net>";
    const claimed = await claimOne(store);
    // A reply to the whole message is everybody's, and may name one.
    const text = "Refused: Bob@example.net has had enough";
    const recipients = claimed.recipients.map((address) => ({ address, outcome: "refused" as const, code: 550, text }));
    await store.call("settle", settlement(claimed, "finish", { recipients, reason, keepBody: 1_000 }));
    await store.call("tellAccount", { account: "default", is: "locked", reason, now: 2, random: 0.5 });
    await store.call("purge", { before: 0, now: 5, recipient: "bob@example.net", most: 10 });
    const [details] = await store.call("details", { id: shared.id });
    assert.equal(details?.hasBody, false);
    assert.deepEqual(
      details.message.recipients.map(({ address }) => address),
      ["eve@example.net"],
    );
    assert.doesNotMatch(JSON.stringify([details, await store.call("counts", null)]), /bob@/i);
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

  test(`${name}: a body is kept after every end, and what has expired is retried with it`, async (t) => {
    const store = await open(t);
    const [overdue, given, cancelled, resolved] = [
      message({ expires: 10 }),
      message({ expires: 20 }),
      message(),
      message({ account: "other" }),
    ];
    for (const one of [overdue, given, cancelled, resolved]) await store.call("enqueue", one);
    const claimed = await claimOne(store, { account: { name: "other", messages: undefined, recipients: undefined } });
    await store.call("mark", { ...claimed, worker, now: 1 });
    await store.call("settle", settlement(claimed, "doubt"));
    const where = (id: string): { readonly id: string; readonly limit: number } => ({ id, limit: 10 });
    await store.call("expire", { now: 10, delayAfter: 1e6, keepBody: 100 });
    await claim(store, { now: 20, keepBody: 100 });
    await store.call("cancel", { where: where(cancelled.id), now: 20, reason: undefined, keepBody: 100 });
    await store.call("resolve", { id: resolved.id, as: "delivered", now: 20, keepBody: 100 });
    const kept = async (): Promise<readonly (boolean | undefined)[]> => {
      const all = [overdue, given, cancelled, resolved].map(({ id }) => store.call("details", { id }));
      return (await Promise.all(all)).map(([one]) => one?.hasBody);
    };
    assert.deepEqual(await kept(), [true, true, true, true]);
    const retried = await store.call("retry", { where: where(overdue.id), now: 30, reason: undefined });
    assert.deepEqual(retried, { changed: 1, kept: {} });
    await store.call("purge", { before: 0, now: 200, recipient: undefined, most: 100 });
    assert.deepEqual(await kept(), [true, false, false, false]);
  });
}
