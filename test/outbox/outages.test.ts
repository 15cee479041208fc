/** A server that is busy, that goes away and comes back, or that refuses the login, while several worker processes send. */
import assert from "node:assert/strict";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { createOutbox, type Outbox } from "@postseal/outbox";
import { Tally } from "./crash/tally.ts";
import { endings, failed, lived, locked, settled, startWorkers } from "./crew.ts";
import { Gate } from "./gate.ts";
import { LoginServer } from "./login-server.ts";
import { folderOf, letter, type Rig, rigFor } from "./rig.ts";

const MESSAGES = 60;
const WORKERS = 2;
/** What an account opens at once if its options say nothing. */
const CONNECTIONS = 2;
/** What may be on its way on one of them. */
const WINDOW = 4;

/** A server that is reached through a gate, and messages for it. */
async function gatedRig(t: TestContext, { receive }: Tally): Promise<Rig & { readonly gate: Gate }> {
  const rig = await rigFor(t, { serverOptions: { receive } });
  const gate = new Gate(rig.server.port);
  await gate.open();
  t.after(() => gate.close());
  const server = rig.server.url.replace(`:${rig.server.port}`, `:${gate.port}`);
  await queue(rig.outbox);
  // Otherwise a mailer that has been served waits for half a minute before it reports that its server is away.
  return { ...rig, gate, account: { ...rig.account, server, pool: { patience: 1_000 } } };
}

async function queue(outbox: Outbox, count = MESSAGES): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => outbox.enqueue(letter)));
}

/** Each message was sent once, or it had been handed over when its connection ended, and is in doubt: so many at most. */
function assertSentOrDoubtful(ways: Readonly<Record<string, number>>, most: number): void {
  const { "done, taken 1, attempts 1": sent = 0, ...rest } = ways;
  const doubtful = (rest["held, taken 1, attempts 1"] ?? 0) + (rest["held, taken 0, attempts 1"] ?? 0);
  assert.equal(sent + doubtful, MESSAGES, JSON.stringify(ways));
  assert.ok(doubtful <= most, `${doubtful} in doubt, at most ${most}`);
}

test("a server that says 421 instead of its greeting gets few connections, and later every message once", async (t) => {
  const tally = new Tally();
  const { gate, outbox, ...task } = await gatedRig(t, tally);
  gate.isBusy = true;
  await startWorkers(t, WORKERS, task);
  await failed(outbox, 3);
  const { turnedAway: before } = gate;
  const [{ failures } = assert.fail()] = (await outbox.stats()).accounts;
  const { turnedAway: after } = gate;
  // Before any has failed, each worker may open all of its connections. Then all workers together open one after each rest.
  assert.ok(before <= WORKERS * CONNECTIONS + failures, `${before} connections, ${failures} failures`);
  // All messages that were waiting for one connection tell of one failure; that of a probe is counted when it begins.
  assert.ok(failures <= after + 1, `${failures} failures, ${after} connections`);
  gate.isBusy = false;
  await settled(outbox);
  t.diagnostic(`${after} turned away, ${failures} failures, ${gate.passed} served`);
  assert.deepEqual(await endings(outbox, tally.taken), { "done, taken 1, attempts 1": MESSAGES });
});

test("a server that says 421 in the middle of sessions gets every message once, but for those that were on their way", async (t) => {
  const times = 3;
  let taken = 0;
  const tally = new Tally(() => {
    taken += 1;
    if (taken % 10 === 0 && taken <= 10 * times) server.failNext("421");
  });
  const { gate, server, outbox, ...task } = await gatedRig(t, tally);
  await startWorkers(t, WORKERS, task);
  await settled(outbox);
  t.diagnostic(`${gate.passed} connections`);
  // While the account rests after a 421, the connections that are left may become idle and close.
  const most = WORKERS * CONNECTIONS * (1 + times);
  assert.ok(gate.passed <= most, `${gate.passed} connections, at most ${most}`);
  assertSentOrDoubtful(await endings(outbox, tally.taken), times * WINDOW);
});

test("a server that is gone and comes back gets every message once, but for those that it was answering", async (t) => {
  let outage: Promise<void> | undefined;
  const tally = new Tally(() => {
    if (tally.taken.size === MESSAGES / 3) outage = gate.close();
  });
  const { gate, outbox, ...task } = await gatedRig(t, tally);
  await startWorkers(t, WORKERS, task);
  await failed(outbox, 2);
  await outage;
  await gate.open();
  await settled(outbox);
  const ways = await endings(outbox, tally.taken);
  t.diagnostic(JSON.stringify(ways));
  assertSentOrDoubtful(ways, WORKERS * CONNECTIONS * WINDOW);
});

test("a login that is refused to several workers at once is not repeated until somebody resumes the account", async (t) => {
  const workers = 3;
  // More than two of them claim, so that the third has something to send too.
  const count = 2 * MESSAGES;
  const server = new LoginServer(workers);
  t.after(() => server.close());
  const account = await server.start();
  const location = `sqlite:${path.join(folderOf(t), "mail.db")}`;
  const outbox = await createOutbox(location, { accounts: { default: account } });
  t.after(() => outbox.close());
  await queue(outbox, count);
  server.isRefusing = true;
  await startWorkers(t, workers, { location, account, silence: 3_000 });
  await locked(outbox);
  // Meanwhile each worker looks for work again and again.
  await lived(outbox, 8);
  const { logins, connections } = server;
  assert.equal((await outbox.stats()).states.waiting, count);
  server.isRefusing = false;
  await outbox.resume();
  await settled(outbox);
  t.diagnostic(`${logins} logins refused on ${connections} connections; ${server.logins} logins in all`);
  // The first that is refused stops the account for all. Only what each worker had begun before it could hear of that goes on: at most
  // all of its connections, with one login each.
  assert.ok(logins >= workers && logins <= workers * CONNECTIONS, `${logins} logins`);
  assert.deepEqual(await endings(outbox, server.taken), { "done, taken 1, attempts 1": count });
});

test("a server that refuses every sender costs four messages, whatever several workers had begun", async (t) => {
  const tally = new Tally();
  const { gate, server, outbox, ...task } = await gatedRig(t, tally);
  for (let at = 0; at < MESSAGES; at++)
    server.failNext({ at: "sender", reply: "550 5.7.1 This sender is not verified" });
  await startWorkers(t, WORKERS, task);
  await locked(outbox);
  server.reset();
  await outbox.resume();
  await settled(outbox);
  t.diagnostic(`${gate.passed} connections`);
  assert.deepEqual(await endings(outbox, tally.taken), {
    "done, taken 0, attempts 1": 4,
    "done, taken 1, attempts 1": MESSAGES - 4,
  });
});
