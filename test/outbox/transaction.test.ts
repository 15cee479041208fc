/** A message that is queued in the application's own transaction: it exists if that commits, and only then. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createOutbox, type EnqueueOptions, OutboxError } from "@postseal/outbox";
import { folderOf, letter, rigFor } from "./rig.ts";

const better = import.meta.resolve("better-sqlite3");

type Handle = NonNullable<EnqueueOptions["transaction"]> & { close(): unknown };

/** A library: what opens a file, and the option that names it. */
interface Driver {
  readonly name: string;
  readonly open: (file: string) => Handle;
  readonly sqlite: string | undefined;
}

const nodes: Driver = { name: "node:sqlite", open: (file) => new DatabaseSync(file), sqlite: undefined };
const betters: Driver = { name: "better-sqlite3", open: openBetterSqlite, sqlite: better };

for (const { name, open, sqlite } of [nodes, betters]) {
  test(`${name}: what rolls back sends nothing, what commits sends exactly one`, async (t) => {
    const { server, outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
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

  test(`${name}: a prepared message is queued without a wait`, async (t) => {
    const { server, outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
    t.after(() => db.close());
    const attachments = [{ filename: "a.bin", content: Buffer.alloc(600_000, 7) }];
    const prepared = await outbox.prepare({ ...letter, attachments }, { key: "order/2" });
    db.exec("begin");
    assert.deepEqual(prepared.enqueueIn(db), { id: prepared.id, duplicate: false });
    assert.deepEqual(prepared.enqueueIn(db), { id: prepared.id, duplicate: true });
    const keyless = await outbox.prepare(letter);
    assert.deepEqual(keyless.enqueueIn(db), { id: keyless.id, duplicate: false });
    assert.deepEqual(keyless.enqueueIn(db), { id: keyless.id, duplicate: true });
    db.exec("commit");
    await outbox.drain();
    assert.equal(server.messages.length, 2);
    assert.ok(server.messages.some(({ raw }) => raw.length > 800_000));
  });

  test(`${name}: a message that fails half-way leaves nothing in the transaction, which goes on`, async (t) => {
    const { server, outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
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

  test(`${name}: a full disk ends the whole transaction, and the error says so`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
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

  test(`${name}: a transaction that cannot write says how to begin it`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const [db, other] = [open(location.slice("sqlite:".length)), open(location.slice("sqlite:".length))];
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

  test(`${name}: another file, and a handle without a transaction, are refused`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const [other, memory, own] = [
      open(path.join(folderOf(t), "other.db")),
      open(":memory:"),
      open(location.slice("sqlite:".length)),
    ];
    for (const db of [other, memory]) {
      db.exec("begin");
      await assert.rejects(outbox.enqueue(letter, { transaction: db }), { code: "OUTBOX_OTHER_DATABASE" });
    }
    await assert.rejects(outbox.enqueue(letter, { transaction: own }), { code: "OUTBOX_NO_TRANSACTION" });
    for (const db of [other, memory, own]) db.close();
    assert.deepEqual(await outbox.list(), []);
  });

  test(`${name}: a handle that is closed is an error of the outbox, which claims no rollback`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
    db.close();
    const refusal = await outbox.enqueue(letter, { transaction: db }).catch((error: unknown) => error);
    assert.ok(refusal instanceof OutboxError);
    assert.match(refusal.message, /not open/);
    assert.doesNotMatch(refusal.message, /rolled back/);
  });

  test(`${name}: of messages that both the application and the outbox queue at once, none is lost`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
    t.after(() => db.close());
    db.exec("pragma busy_timeout = 5000");
    const own = Array.from({ length: 200 }, () => outbox.enqueue(letter));
    let queued = 0;
    // The transactions are short, and there are many while the thread writes.
    while (queued < 200) {
      const prepared = await outbox.prepare(letter);
      db.exec("begin immediate");
      prepared.enqueueIn(db);
      await turn();
      db.exec("commit");
      queued += 1;
    }
    await Promise.all(own);
    assert.equal((await outbox.stats()).states.waiting, 400);
  });
}

// In one process, POSIX locks keep neither out: both have a write transaction, and one is lost.
for (const [sqlite, { name, open }] of [
  [undefined, betters],
  [better, nodes],
] as const) {
  test(`a handle of another SQLite library than the outbox's is refused (${name})`, async (t) => {
    const { outbox, location } = await rigFor(t, { sqlite });
    const db = open(location.slice("sqlite:".length));
    t.after(() => db.close());
    const prepared = await outbox.prepare(letter);
    db.exec("begin");
    const refusal = { name: "OutboxError", code: "OUTBOX_SQLITE_UNSAFE", message: /createOutbox/ };
    await assert.rejects(outbox.enqueue(letter, { transaction: db }), refusal);
    assert.throws(() => prepared.enqueueIn(db), refusal);
    db.exec("rollback");
  });
}

test("a module that is no library of SQLite, or cannot be found, is refused with what it has to be", async (t) => {
  const location = `sqlite:${path.join(folderOf(t), "mail.db")}`;
  for (const [sqlite, message] of [
    ["better-sqlite3", /import\.meta\.resolve/],
    [import.meta.resolve("@postseal/outbox"), /no module like better-sqlite3/],
    [path.join(folderOf(t), "nothing.js"), /cannot be loaded/],
  ] as const)
    await assert.rejects(createOutbox(location, { sqlite }), { code: "MAIL_INPUT_OPTION", field: "sqlite", message });
  const outbox = await createOutbox(location, { sqlite: new URL(better) });
  await outbox.enqueue(letter);
  await outbox.close();
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
