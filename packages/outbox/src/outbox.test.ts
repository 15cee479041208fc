import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { folderOf } from "./conformance/engines.ts";
import { createOutbox } from "./outbox.ts";

const letter = { from: "shop@example.com", to: "bob@example.org", subject: "Hello", text: "Hi." } as const;

test("octets that are deleted while they are read are gone, and no shorter message is returned", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const outbox = await createOutbox(`sqlite:${file}`);
  t.after(() => outbox.close());
  const attachments = [{ filename: "a.bin", content: Buffer.alloc(600_000, 7) }];
  const { id } = await outbox.enqueue({ ...letter, attachments });
  assert.ok((await outbox.octets(id)).length > 600_000);
  const db = new DatabaseSync(file);
  db.exec("delete from outbox_body where n = 2");
  db.close();
  await assert.rejects(outbox.octets(id), { code: "OUTBOX_BODY_GONE" });
});

test("an outbox stays in its file, however that is written and wherever the program goes", async (t) => {
  const [folder, elsewhere, before] = [folderOf(t), folderOf(t), process.cwd()];
  t.after(() => process.chdir(before));
  // SQLite would take the second for a database in memory, and the message would be lost.
  for (const name of ["mail.db", "file:mail.db?mode=memory"]) {
    process.chdir(folder);
    const outbox = await createOutbox(`sqlite:${name}`);
    process.chdir(elsewhere);
    const other = await createOutbox(`sqlite:${name}`);
    const [own, others] = [new DatabaseSync(path.join(folder, name)), new DatabaseSync(path.join(elsewhere, name))];
    for (const db of [own, others]) db.exec("begin immediate");
    await assert.rejects(outbox.enqueue(letter, { transaction: others }), { code: "OUTBOX_OTHER_DATABASE" });
    await outbox.enqueue(letter, { transaction: own });
    for (const db of [own, others]) {
      db.exec("commit");
      db.close();
    }
    await outbox.close();
    await other.close();
    const again = await createOutbox(`sqlite:${path.join(folder, name)}`);
    assert.equal((await again.list()).length, 1, name);
    await again.close();
  }
});

test("an outbox in memory is no file that a handle could be on", async (t) => {
  const outbox = await createOutbox("sqlite::memory:");
  t.after(() => outbox.close());
  const db = new DatabaseSync(path.join(folderOf(t), "mail.db"));
  t.after(() => db.close());
  db.exec("begin");
  await assert.rejects(outbox.enqueue(letter, { transaction: db }), { code: "OUTBOX_OTHER_DATABASE" });
});

test("a handle that returns rows as arrays, or numbers as bigints, queues as any other", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const outbox = await createOutbox(`sqlite:${file}`);
  t.after(() => outbox.close());
  for (const options of [{ returnArrays: true }, { readBigInts: true }]) {
    const db = new DatabaseSync(file, options);
    db.exec("begin");
    const { id } = await outbox.enqueue(letter, { transaction: db, key: JSON.stringify(options) });
    assert.deepEqual(await outbox.enqueue(letter, { transaction: db, key: JSON.stringify(options) }), {
      id,
      duplicate: true,
    });
    db.exec("commit");
    db.close();
  }
  assert.equal((await outbox.list()).length, 2);
});

test("a message that never expires, and octets that are kept for ever, have times that can be read", async (t) => {
  const outbox = await createOutbox("sqlite::memory:", {
    lifetime: Number.MAX_SAFE_INTEGER,
    keepBodies: Number.MAX_SAFE_INTEGER,
  });
  t.after(() => outbox.close());
  const { id } = await outbox.enqueue(letter);
  assert.match((await outbox.explain(id)).join(" "), /It expires at/);
  await outbox.cancel({ id });
  assert.equal((await outbox.list()).length, 1);
  assert.ok((await outbox.octets(id)).length > 0);
});

test("a search with a property that is no text or number is refused, and changes nothing", async (t) => {
  const outbox = await createOutbox("sqlite::memory:");
  t.after(() => outbox.close());
  await outbox.enqueue(letter);
  for (const search of [
    { id: null },
    { id: undefined },
    { tag: ["a"] },
    { account: {} },
    { after: "1" },
    { limit: -1 },
    { state: "sent" },
  ])
    for (const change of ["cancel", "retry", "list"] as const)
      await assert.rejects(
        // A program without types may give anything.
        async () => {
          const answer: unknown = Reflect.apply(outbox[change], outbox, [search]);
          await answer;
        },
        { code: "MAIL_INPUT_OPTION", field: Object.keys(search)[0] },
      );
  assert.equal((await outbox.list()).length, 1);
  assert.equal((await outbox.stats()).states.waiting, 1);
});

test("an outbox that is closed begins no work", async () => {
  const accounts = { default: { server: "submission://mail.example.com" } };
  const outbox = await createOutbox("sqlite::memory:", { accounts });
  await outbox.close();
  assert.throws(() => outbox.work(), { code: "OUTBOX_CLOSED" });
  await assert.rejects(outbox.drain(), { code: "OUTBOX_CLOSED" });
});

test("as many messages as there are, or as the limit says, are cancelled in steps, and counted together", async (t) => {
  const outbox = await createOutbox("sqlite::memory:");
  t.after(() => outbox.close());
  const ids = await Promise.all(Array.from({ length: 250 }, () => outbox.enqueue(letter, { tags: ["news"] })));
  assert.deepEqual(await outbox.cancel({ tag: "news", limit: 120 }), { changed: 120, kept: {} });
  const answered: string[] = [];
  const rest = outbox.cancel({ tag: "news" }).finally(() => answered.push("cancel"));
  const other = outbox.stats().finally(() => answered.push("stats"));
  assert.deepEqual(await rest, { changed: 130, kept: { cancelled: 120 } });
  await other;
  // Other calls are answered between the steps.
  assert.deepEqual(answered, ["stats", "cancel"]);
  assert.deepEqual(await outbox.cancel({ id: ids[0]?.id ?? "" }), { changed: 0, kept: { cancelled: 1 } });
  assert.deepEqual(await outbox.retry({ tag: "other" }), { changed: 0, kept: {} });
});

test("a worker forgets all that is old enough, and a purge all that happened to it", async (t) => {
  const accounts = { default: { server: "submission://mail.example.com" } };
  const outbox = await createOutbox("sqlite::memory:", { accounts, development: true, keepRecords: 0 });
  t.after(() => outbox.close());
  const left = async (): Promise<readonly number[]> => {
    const events = [];
    for await (const event of outbox.events()) events.push(event);
    return [(await outbox.list({ limit: 1_000 })).length, events.length];
  };
  const queue = (): Promise<unknown> => Promise.all(Array.from({ length: 250 }, () => outbox.enqueue(letter)));
  await queue();
  await outbox.drain();
  assert.deepEqual(await left(), [250, 250]);
  await outbox.drain();
  assert.deepEqual(await left(), [0, 0]);
  // Each of these has two events.
  await queue();
  await outbox.retry({ state: "waiting" });
  await outbox.cancel({ state: "waiting" });
  assert.deepEqual(await left(), [250, 500]);
  assert.equal(await outbox.purge({ before: new Date() }), 250);
  assert.deepEqual(await left(), [0, 0]);
});

test("an address is found and erased however its domain is written", async (t) => {
  const outbox = await createOutbox("sqlite::memory:");
  t.after(() => outbox.close());
  for (const to of ["Bob@EXAMPLE.org", "bob@bücher.example"]) await outbox.enqueue({ ...letter, to });
  const found = async (recipient: string): Promise<number> => (await outbox.list({ recipient })).length;
  for (const recipient of ["Bob@example.org", "Bob@EXAMPLE.org", "bob@bücher.example", "bob@xn--bcher-kva.example"])
    assert.equal(await found(recipient), 1, recipient);
  // Only the server there knows whether this is the same mailbox.
  assert.equal(await found("bob@example.org"), 0);
  await outbox.cancel({ state: "waiting" });
  assert.equal(await outbox.purge({ recipient: "bob@bücher.example" }), 1);
  assert.equal(await outbox.purge({ recipient: "Bob@example.org" }), 1);
  assert.deepEqual(await outbox.list(), []);
});
