/** Workers whose wall clock is a day slow or a day fast, as after the clock was set. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountOptions } from "@postseal/outbox";
import { startWorker } from "./crash/child.ts";
import { Tally } from "./crash/tally.ts";
import { endings, failed, lived, settled, startShifted } from "./crew.ts";
import { Gate } from "./gate.ts";
import { letter, rigFor } from "./rig.ts";

const DAY = 24 * 60 * 60_000;

test("workers with three wall clocks send each message once, and none takes another for dead", async (t) => {
  const count = 150;
  // Until all have lived for longer than their silence, no answer comes: each has messages that are not settled.
  const gate = Promise.withResolvers<void>();
  const tally = new Tally();
  const { outbox, location, account } = await rigFor(t, {
    serverOptions: {
      receive: async (message) => {
        await tally.receive(message);
        await gate.promise;
      },
    },
  });
  await outbox.enqueue(letter, { at: new Date(Date.now() + DAY / 2) });
  const later = await outbox.enqueue(letter, { at: new Date(Date.now() + 2 * DAY) });
  // Due by the slowest clock too.
  const at = new Date(Date.now() - 2 * DAY);
  await Promise.all(Array.from({ length: count }, () => outbox.enqueue(letter, { at })));
  await startShifted(t, [-DAY, 0, DAY], { location, account, silence: 6_000 });
  // There is one heartbeat a second.
  await lived(outbox, 8);
  assert.equal((await outbox.stats()).workers.length, 3);
  gate.resolve();
  // The worker that is ahead sends what is due by its clock, and no more.
  assert.deepEqual(await outbox.cancel({ id: later.id }), { changed: 1, kept: {} });
  await settled(outbox);
  const workers = new Set<string>();
  for (const { id } of await outbox.list({ state: "done", limit: count + 2 })) {
    const [{ attempts } = assert.fail()] = await outbox.show(id);
    assert.equal(attempts.length, 1);
    for (const { worker } of attempts) workers.add(worker);
  }
  assert.equal(workers.size, 3);
  assert.deepEqual(await endings(outbox, tally.taken), {
    "cancelled, taken 0, attempts 0": 1,
    "done, taken 1, attempts 1": count + 1,
  });
});

test("an account that rests by a clock that was ahead serves again once the clock is right", async (t) => {
  const tally = new Tally();
  const { server, outbox, location, account } = await rigFor(t, { serverOptions: { receive: tally.receive } });
  const gate = new Gate(server.port);
  await gate.open();
  t.after(() => gate.close());
  gate.isBusy = true;
  const { id } = await outbox.enqueue(letter);
  const gated: AccountOptions = { ...account, server: server.url.replace(`:${server.port}`, `:${gate.port}`) };
  const ahead = startWorker({ location, account: gated, silence: 60_000, plans: [] }, { shift: DAY });
  await failed(outbox, 1);
  ahead.process.kill("SIGTERM");
  await ahead.ended;
  gate.isBusy = false;
  const [details] = await outbox.show(id);
  assert.ok((details?.account?.restsUntil ?? 0) > Date.now() + DAY / 2);
  await outbox.drain();
  assert.deepEqual(await endings(outbox, tally.taken), { "done, taken 1, attempts 1": 1 });
});
