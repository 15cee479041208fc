/** From the queue to a real server over TLS, and what becomes of it there. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { createOutbox, type Outbox } from "@postseal/outbox";
import { letter, rigFor } from "./rig.ts";

async function facts(outbox: Outbox, id: string): Promise<readonly [state: string, outcomes: readonly string[]]> {
  const [details] = await outbox.show(id);
  assert.ok(details !== undefined);
  return [details.message.state, details.message.recipients.map(({ outcome }) => outcome)];
}

test("a message is queued, sent once with its Message-ID, and its octets are gone afterwards", async (t) => {
  const { server, outbox } = await rigFor(t);
  const { id, duplicate } = await outbox.enqueue(letter);
  assert.equal(duplicate, false);
  const [queued] = await outbox.list();
  assert.equal(queued?.state, "waiting");
  await outbox.drain();
  assert.equal(server.messages.length, 1);
  const [{ headers, envelope } = assert.fail()] = server.messages;
  assert.deepEqual(headers.get("message-id"), [queued?.messageId]);
  assert.deepEqual(envelope.to, ["bob@example.org"]);
  assert.deepEqual(await facts(outbox, id), ["done", ["accepted"]]);
  await assert.rejects(outbox.octets(id), { code: "OUTBOX_BODY_GONE" });
  const [details] = await outbox.show(id);
  const [attempt] = details?.attempts ?? [];
  assert.ok(attempt?.marked !== undefined && attempt.ended !== undefined);
  assert.match(attempt.seal ?? "", /TLSv1\.3/);
});

test("a worker sends what is queued while it works", async (t) => {
  const { server, outbox } = await rigFor(t);
  const worker = outbox.work();
  for (let count = 0; count < 20; count++) await outbox.enqueue({ ...letter, subject: String(count) });
  for (let count = 0; count < 20; count++) await server.nextMessage();
  await worker.close();
  const { states, workers } = await outbox.stats();
  assert.deepEqual([states.done, workers], [20, []]);
});

test("a message of 3 MB goes in rows, octet for octet", async (t) => {
  const { server, outbox } = await rigFor(t);
  const content = Buffer.alloc(3_000_000, "0123456789abcdef");
  const { id } = await outbox.enqueue({ ...letter, attachments: [{ filename: "a.bin", content }] });
  const stored = await outbox.octets(id);
  await outbox.drain();
  const [{ raw } = assert.fail()] = server.messages;
  assert.ok(raw.equals(stored));
});

test("a key is taken once; the same message again is a duplicate, another one an error", async (t) => {
  const { server, outbox } = await rigFor(t);
  const keyed = { key: "receipt/4711" };
  const attachments = [{ filename: "a.txt", content: "one" }];
  const first = await outbox.enqueue({ ...letter, attachments, html: "<p>Hi.</p>" }, keyed);
  const second = await outbox.enqueue({ ...letter, attachments, html: "<p>Hi.</p>" }, keyed);
  assert.deepEqual(second, { id: first.id, duplicate: true });
  const others = [
    { ...letter, html: "<p>Hi.</p>", attachments: [{ filename: "a.txt", content: "two" }] },
    { ...letter, html: "<p>Hi.</p>", attachments, to: "eve@example.org" },
    { ...letter, html: "<p>Hi!</p>", attachments },
  ];
  for (const other of others) await assert.rejects(outbox.enqueue(other, keyed), { code: "OUTBOX_KEY_CONFLICT" });
  await outbox.drain();
  assert.equal(server.messages.length, 1);
  assert.deepEqual(await outbox.enqueue({ ...letter, attachments, html: "<p>Hi.</p>" }, keyed), {
    id: first.id,
    duplicate: true,
  });
});

test("a message that could never be sent is refused when it is queued, and takes no key", async (t) => {
  const { outbox } = await rigFor(t);
  await assert.rejects(outbox.enqueue({ ...letter, subject: "a\r\nBcc: eve@example.org" }, { key: "k" }), {
    code: "MAIL_INPUT_HEADER",
  });
  assert.deepEqual(await outbox.list(), []);
  assert.equal((await outbox.enqueue(letter, { key: "k" })).duplicate, false);
});

test("more than a hundred recipients are sent to in several transactions", async (t) => {
  const { server, outbox } = await rigFor(t);
  const to = Array.from({ length: 250 }, (_, at) => `r${at}@example.org`);
  const { id } = await outbox.enqueue({ ...letter, to });
  await outbox.drain();
  const sizes = server.messages.map(({ envelope }) => envelope.to.length);
  assert.deepEqual(
    sizes.toSorted((one, other) => one - other),
    [50, 100, 100],
  );
  assert.equal(new Set(server.messages.flatMap(({ envelope }) => envelope.to)).size, 250);
  assert.equal((await outbox.show(id)).length, 3);
  const ids = new Set(server.messages.map(({ headers }) => headers.get("message-id")?.[0]));
  assert.equal(ids.size, 1);
});

test("what the server defers waits, and says when and why", async (t) => {
  const { server, outbox } = await rigFor(t);
  server.failNext("450");
  const { id } = await outbox.enqueue(letter);
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["waiting", ["deferred"]]);
  const [details] = await outbox.show(id);
  const { due = 0, attempts } = details?.message ?? {};
  assert.ok(due > Date.now() + 30_000 && due < Date.now() + 90_000);
  assert.equal(attempts, 1);
  assert.match((await outbox.explain(id)).join("\n"), /It waits until .*\n.*450 4\.2\.0/s);
  assert.deepEqual(await outbox.retry({ id }), { changed: 1, kept: {} });
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["done", ["accepted"]]);
});

test("what the server refuses ends, with its words", async (t) => {
  const { server, outbox } = await rigFor(t);
  server.failNext("552");
  const { id } = await outbox.enqueue(letter);
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["done", ["refused"]]);
  assert.match((await outbox.explain(id)).join("\n"), /552 5\.2\.2 The mailbox is full/);
});

test("if nobody can know whether it was taken, it is held, and a person decides", async (t) => {
  const { server, outbox } = await rigFor(t);
  server.failNext("cut");
  const { id } = await outbox.enqueue(letter);
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["held", ["unknown"]]);
  assert.equal((await outbox.stats()).unknown, 1);
  assert.deepEqual(await outbox.retry({ id }), { changed: 0, kept: { held: 1 } });
  await outbox.resume();
  await outbox.resolve(id, "again");
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["done", ["accepted"]]);
  const kinds: string[] = [];
  for await (const { kind } of outbox.events()) kinds.push(kind);
  assert.deepEqual(kinds, ["doubt", "retry", "finish"]);
});

test("with onUnknown redeliver it goes again by itself, under the same Message-ID", async (t) => {
  const { server, outbox } = await rigFor(t);
  server.failNext("cut");
  const { id } = await outbox.enqueue(letter, { onUnknown: "redeliver" });
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["waiting", ["pending"]]);
  await outbox.resume();
  await outbox.retry({ id });
  await outbox.drain();
  assert.deepEqual(await facts(outbox, id), ["done", ["accepted"]]);
});

test("a refused login stops the account until somebody resumes it, and is not repeated", async (t) => {
  const { server, outbox } = await rigFor(t);
  server.failNext({ at: "login", reply: "535 5.7.8 No" });
  for (let count = 0; count < 5; count++) await outbox.enqueue(letter);
  await outbox.drain();
  await outbox.drain();
  const { accounts, states } = await outbox.stats();
  assert.deepEqual([accounts[0]?.locked, states.waiting, server.messages.length], [true, 5, 0]);
  const [first] = await outbox.list();
  assert.match(
    (await outbox.explain(first?.id ?? "")).join("\n"),
    /stopped until somebody resumes it: MAIL_AUTH_REFUSED/,
  );
  assert.equal(first?.attempts, 0);
  await outbox.resume();
  await outbox.drain();
  assert.equal(server.messages.length, 5);
});

test("a server that is away makes the account rest; no attempt of a message is used up", async (t) => {
  const { outbox, account, location } = await rigFor(t);
  const away = await createOutbox(location, {
    accounts: { default: { ...account, server: "submission://app:x@127.0.0.1:1" } },
  });
  t.after(() => away.close());
  const { id } = await away.enqueue(letter, { floor: {} });
  await away.drain();
  const [details] = await outbox.show(id);
  assert.deepEqual([details?.message.state, details?.message.attempts, details?.account?.failures], ["waiting", 0, 1]);
  assert.match((await outbox.explain(id)).join("\n"), /rests until .*MAIL_NETWORK_CONNECT/);
});

test("an account that promises less than when the message was queued does not send it", async (t) => {
  const { server, outbox, account, location } = await rigFor(t, { account: { tls: undefined } });
  const strict = await createOutbox(location, {
    accounts: { default: { ...account, tls: { ...server.tls, minVersion: "TLSv1.3" } } },
  });
  t.after(() => strict.close());
  const { id } = await strict.enqueue(letter);
  await outbox.drain();
  assert.equal(server.messages.length, 0);
  assert.equal((await facts(outbox, id))[0], "held");
  assert.match((await outbox.explain(id)).join("\n"), /policy: it was queued with TLS 1\.3 as the least/);
  await strict.retry({ id });
  await strict.drain();
  assert.equal(server.messages.length, 1);
});

test("in development nothing is delivered, and everything can be read", async (t) => {
  const { server, outbox } = await rigFor(t, { development: true });
  const { id } = await outbox.enqueue(letter);
  await outbox.drain();
  assert.equal(server.messages.length, 0);
  assert.equal((await facts(outbox, id))[0], "cancelled");
  assert.match(String(Buffer.from(await outbox.octets(id))), /Subject: Hello/);
});

test("what is cancelled while it waits for a connection is not handed over", async (t) => {
  const { server, outbox, location, account } = await rigFor(t);
  const gate = Promise.withResolvers<void>();
  const isAsked = Promise.withResolvers<void>();
  const slow = await createOutbox(location, {
    accounts: {
      default: {
        ...account,
        connect: async ({ host, port }) => {
          isAsked.resolve();
          await gate.promise;
          return connect(port, host);
        },
      },
    },
  });
  t.after(() => slow.close());
  const { id } = await outbox.enqueue(letter);
  const drained = slow.drain();
  await isAsked.promise;
  assert.equal((await facts(outbox, id))[0], "leased");
  assert.deepEqual(await outbox.cancel({ id }), { changed: 1, kept: {} });
  gate.resolve();
  await drained;
  assert.equal(server.messages.length, 0);
  assert.deepEqual(await facts(outbox, id), ["cancelled", ["cancelled"]]);
});

test("no password is stored, whatever goes wrong", async (t) => {
  const { server, outbox, folder } = await rigFor(t);
  server.failNext({ at: "login", reply: `535 5.7.8 ${server.password} is wrong` });
  await outbox.enqueue(letter, { key: "k" });
  await outbox.drain();
  await outbox.resume();
  server.failNext({ at: "recipient", reply: `450 4.2.0 ${server.password} again` });
  await outbox.drain();
  await outbox.close();
  const files = readdirSync(folder);
  assert.ok(files.length > 0);
  for (const file of files) {
    const octets = readFileSync(path.join(folder, file));
    assert.equal(octets.includes(server.password), false, file);
    assert.equal(octets.includes(Buffer.from(server.password).toString("base64").slice(0, -4)), false, file);
  }
});

test("a process without accounts can queue, and cannot send", async (t) => {
  const { outbox, location, server } = await rigFor(t);
  const web = await createOutbox(location);
  t.after(() => web.close());
  await web.enqueue(letter);
  assert.throws(() => web.work(), { code: "MAIL_INPUT_OPTION" });
  await outbox.drain();
  assert.equal(server.messages.length, 1);
});

test("what is queued for later is not due, and has that time for its date", async (t) => {
  const { server, outbox } = await rigFor(t);
  const at = new Date("2100-01-02T03:04:05Z");
  const { id } = await outbox.enqueue(letter, { at });
  await outbox.drain();
  assert.equal(server.messages.length, 0);
  assert.match(String(Buffer.from(await outbox.octets(id))), /^Date: Sat, 02 Jan 2100 03:04:05 \+0000\r\n/);
  assert.deepEqual(await outbox.cancel({ id }), { changed: 1, kept: {} });
});
