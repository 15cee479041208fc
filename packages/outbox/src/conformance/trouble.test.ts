/** A domain in trouble: its messages wait apart with one probe, whatever stream they are of, and go back to their streams afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim, engines, message, settlement, worker } from "./engines.ts";
import type { Claim, Store } from "../store/operations.ts";

const MINUTE = 60_000;
/** When the domain gets into trouble. */
const THEN = 10;

function queue(store: Store, domain: string, count: number, stream = "transactional"): Promise<unknown> {
  const parts = [[`bob@${domain}`]];
  return Promise.all(
    Array.from({ length: count }, () => store.call("enqueue", message({ stream, parts, expires: 1e12 }))),
  );
}

function deferred(store: Store, claims: readonly Claim[], now: number): Promise<unknown> {
  return Promise.all(
    claims.map((one) => {
      const fate = { outcome: "deferred", code: 450, stage: "recipient" } as const;
      const recipients = one.recipients.map((address) => ({ address, ...fate }));
      return store.call("settle", settlement(one, "defer", { recipients, now, due: 1e9 }));
    }),
  );
}

async function heldUntil(store: Store): Promise<number> {
  const { lanes } = await store.call("counts", null);
  return lanes.find(({ domain }) => domain === "slow.example")?.heldUntil ?? 0;
}

/** Five messages are deferred, one after the other. Returns when the first probe may go. */
async function trouble(store: Store): Promise<number> {
  for (let count = 0; count < 5; count++) await deferred(store, await claim(store, { now: THEN, most: 1 }), THEN);
  // What waits goes apart.
  assert.deepEqual(await claim(store, { now: THEN + 1 }), []);
  return heldUntil(store);
}

async function streamsOf(store: Store, claims: readonly Claim[]): Promise<readonly string[]> {
  const all = await store.call("list", { limit: 1_000 });
  return claims.map(({ seq }) => all.find((one) => one.seq === seq)?.stream ?? "");
}

for (const { name, open } of engines) {
  test(`${name}: messages that were under way together put a domain in trouble once: it rests for a minute or so`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 40);
    await deferred(store, await claim(store, { now: THEN, most: 32 }), THEN);
    const rest = (await heldUntil(store)) - THEN;
    assert.ok(rest > 0 && rest <= 1.25 * MINUTE, String(rest));
  });

  test(`${name}: each probe that fails doubles the rest, also if nobody says what became of it`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 20);
    let now = await trouble(store);
    for (const minutes of [2, 4, 8]) {
      const probe = await claim(store, { now });
      assert.equal(probe.length, 1);
      const told = await heldUntil(store);
      await deferred(store, probe, now + 1);
      assert.deepEqual([told - now, (await heldUntil(store)) - now], [minutes * MINUTE, minutes * MINUTE]);
      now = told;
    }
  });

  test(`${name}: a probe is one message, however many were queued since the last claim`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 8);
    const ready = await trouble(store);
    await queue(store, "slow.example", 50);
    await queue(store, "fast.example", 3);
    const claims = await claim(store, { now: ready, most: 32 });
    const to = claims.flatMap(({ recipients }) => recipients);
    assert.deepEqual([to.length, to.filter((address) => address === "bob@slow.example").length], [4, 1]);
  });

  test(`${name}: a stream that is paused gives nothing, also of what waits apart or was under way`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 8, "bulk");
    const ready = await trouble(store);
    const [probe] = await claim(store, { now: ready });
    assert.ok(probe !== undefined);
    await store.call("pause", { account: "default", stream: "bulk", paused: true, now: ready });
    await store.call("settle", settlement(probe, "release", { now: ready, due: ready }));
    assert.deepEqual(await claim(store, { now: ready + 30 * MINUTE }), []);
    await store.call("pause", { account: "default", stream: "bulk", paused: false, now: ready });
    assert.equal((await claim(store, { now: ready + 30 * MINUTE })).length, 1);
  });

  test(`${name}: after the trouble each message is of its stream again`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 60, "bulk");
    const ready = await trouble(store);
    await queue(store, "slow.example", 20, "transactional");
    await queue(store, "fast.example", 60, "other");
    const first = await claim(store, { now: ready, most: 4 });
    const probe = first.find(({ recipients }) => recipients.includes("bob@slow.example"));
    assert.ok(probe !== undefined);
    await store.call("mark", { ...probe, worker, now: ready });
    await store.call("settle", settlement(probe, "finish", { now: ready }));
    const streams = await streamsOf(store, await claim(store, { now: ready + 1, most: 24 }));
    assert.ok(streams.filter((stream) => stream === "transactional").length >= 18, streams.join(" "));
    assert.ok(streams.includes("bulk") && streams.includes("other"), streams.join(" "));
    await store.call("pause", { account: "default", stream: "bulk", paused: true, now: ready });
    const others = await streamsOf(store, await claim(store, { now: ready + 2, most: 200 }));
    assert.ok(!others.includes("bulk"), others.join(" "));
  });

  test(`${name}: one message that is deferred after the trouble keeps none of the others waiting`, async (t) => {
    const store = await open(t);
    await queue(store, "slow.example", 30);
    const ready = await trouble(store);
    const [probe] = await claim(store, { now: ready });
    assert.ok(probe !== undefined);
    await store.call("settle", settlement(probe, "finish", { now: ready }));
    await deferred(store, await claim(store, { now: ready + 1, most: 1 }), ready + 1);
    assert.equal((await claim(store, { now: ready + 2, most: 10 })).length, 10);
  });
}
