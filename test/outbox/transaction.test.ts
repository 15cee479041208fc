/** A message that is queued in the application's own transaction: it exists if that commits, and only then. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { EnqueueOptions } from "@postseal/outbox";
import { folderOf, letter, rigFor } from "./rig.ts";

type Handle = NonNullable<EnqueueOptions["transaction"]> & { close(): unknown };

test("what rolls back sends nothing, what commits sends exactly one", async (t) => {
  const { server, outbox, location } = await rigFor(t);
  const db = new DatabaseSync(location.slice("sqlite:".length));
  t.after(() => db.close());
  db.exec("create table orders (id integer primary key, mail text)");
  for (const end of ["rollback", "commit"]) {
    db.exec("begin immediate");
    const { id } = await outbox.enqueue(letter, { transaction: db, key: "order/1" });
    db.prepare("insert into orders (mail) values (?)").run(id);
    db.exec(end);
  }
  outbox.wake();
  await outbox.drain();
  assert.equal(server.messages.length, 1);
  const row = db.prepare("select count(*) as n from orders").get();
  assert.equal(Reflect.get(Object(row), "n"), 1);
});

test("a prepared message is queued without a wait", async (t) => {
  const { server, outbox, location } = await rigFor(t);
  const db = new DatabaseSync(location.slice("sqlite:".length));
  t.after(() => db.close());
  const attachments = [{ filename: "a.bin", content: Buffer.alloc(600_000, 7) }];
  const prepared = await outbox.prepare({ ...letter, attachments }, { key: "order/2" });
  db.exec("begin");
  assert.deepEqual(prepared.enqueueIn(db), { id: prepared.id, duplicate: false });
  assert.deepEqual(prepared.enqueueIn(db), { id: prepared.id, duplicate: true });
  db.exec("commit");
  await outbox.drain();
  const [{ raw } = assert.fail()] = server.messages;
  assert.ok(raw.length > 800_000);
});

test("a message that fails half-way leaves nothing in the transaction, which goes on", async (t) => {
  const { server, outbox, location } = await rigFor(t);
  const db = new DatabaseSync(location.slice("sqlite:".length));
  t.after(() => db.close());
  db.exec("create table orders (id integer primary key)");
  db.exec("create temp trigger no_body before insert on outbox_body begin select raise(abort, 'no body'); end");
  db.exec("begin immediate");
  db.exec("insert into orders default values");
  await assert.rejects(outbox.enqueue(letter, { transaction: db }), {
    name: "OutboxError",
    code: "OUTBOX_STORE_FAILED",
    message: /no body/,
  });
  db.exec("drop trigger no_body");
  const { id } = await outbox.enqueue(letter, { transaction: db });
  db.exec("commit");
  assert.deepEqual(
    (await outbox.list()).map((one) => one.id),
    [id],
  );
  assert.equal(Reflect.get(Object(db.prepare("select count(*) as n from orders").get()), "n"), 1);
  await outbox.drain();
  assert.equal(server.messages.length, 1);
});

test("a full disk ends the whole transaction, and the error says so", async (t) => {
  const { outbox, location } = await rigFor(t);
  const db = new DatabaseSync(location.slice("sqlite:".length));
  t.after(() => db.close());
  const attachments = [{ filename: "a.bin", content: Buffer.alloc(600_000, 7) }];
  // Room for the rows of the message, and not for all of its octets.
  const row: unknown = db.prepare("select page_count from pragma_page_count").get();
  const pages = Number(Reflect.get(Object(row), "page_count"));
  db.exec(`pragma max_page_count = ${pages + 100}`);
  db.exec("begin immediate");
  await assert.rejects(outbox.enqueue({ ...letter, attachments }, { transaction: db }), {
    name: "OutboxError",
    code: "OUTBOX_STORE_FULL",
    message: /SQLite has rolled back your whole transaction/,
  });
  assert.deepEqual(await outbox.list(), []);
});

test("a transaction that cannot write says how to begin it", async (t) => {
  const { outbox, location } = await rigFor(t);
  const [db, other] = [
    new DatabaseSync(location.slice("sqlite:".length)),
    new DatabaseSync(location.slice("sqlite:".length)),
  ];
  t.after(() => {
    db.close();
    other.close();
  });
  for (const handle of [db, other]) handle.exec("pragma busy_timeout = 0");
  other.exec("begin immediate");
  db.exec("begin");
  await assert.rejects(outbox.enqueue(letter, { transaction: db }), {
    name: "OutboxError",
    code: "OUTBOX_STORE_BUSY",
    message: /BEGIN IMMEDIATE/,
  });
  other.exec("rollback");
});

test("another file, and a handle without a transaction, are refused", async (t) => {
  const { outbox, location } = await rigFor(t);
  const [other, memory, own] = [
    new DatabaseSync(path.join(folderOf(t), "other.db")),
    new DatabaseSync(":memory:"),
    new DatabaseSync(location.slice("sqlite:".length)),
  ];
  for (const db of [other, memory]) {
    db.exec("begin");
    await assert.rejects(outbox.enqueue(letter, { transaction: db }), { code: "OUTBOX_OTHER_DATABASE" });
  }
  await assert.rejects(outbox.enqueue(letter, { transaction: own }), { code: "OUTBOX_NO_TRANSACTION" });
  for (const db of [other, memory, own]) db.close();
  assert.deepEqual(await outbox.list(), []);
});

// In one process, POSIX locks keep neither out: of 718 messages that were queued by both within 200 ms, none was left.
test("a handle of another SQLite library is refused, since it would not see the outbox's locks", async (t) => {
  const { outbox, location } = await rigFor(t);
  const db = openBetterSqlite(location.slice("sqlite:".length));
  t.after(() => db.close());
  const prepared = await outbox.prepare(letter);
  db.exec("begin immediate");
  const refusal = { name: "OutboxError", code: "OUTBOX_SQLITE_UNSAFE", message: /DatabaseSync of node:sqlite/ };
  await assert.rejects(outbox.enqueue(letter, { transaction: db }), refusal);
  assert.throws(() => prepared.enqueueIn(db), refusal);
  db.exec("rollback");
});

/** Of another SQLite library. Its types are a package of their own. */
function openBetterSqlite(file: string): Handle {
  const make: unknown = createRequire(import.meta.url)("better-sqlite3");
  assert.ok(typeof make === "function");
  const handle: unknown = Reflect.construct(make, [file]);
  assert.ok(isHandle(handle));
  return handle;
}

function isHandle(given: unknown): given is Handle {
  return typeof given === "object" && given !== null && "prepare" in given && "exec" in given && "close" in given;
}
