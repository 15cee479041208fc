/** A message that is queued in the application's own transaction: it exists if that commits, and only then. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { EnqueueOptions } from "@postseal/outbox";
import { folderOf, letter, rigFor } from "./rig.ts";

type Handle = NonNullable<EnqueueOptions["transaction"]> & { close(): unknown };

/** A driver: what opens a file. */
interface Driver {
  readonly name: string;
  readonly open: (file: string) => Handle;
}

const drivers: readonly Driver[] = [
  { name: "node:sqlite", open: (file) => new DatabaseSync(file) },
  { name: "better-sqlite3", open: openBetterSqlite },
];

/** Its types are a package of their own; the outbox knows it by its shape, and so does this test. */
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

for (const { name, open } of drivers) {
  test(`${name}: what rolls back sends nothing, what commits sends exactly one`, async (t) => {
    const { server, outbox, location } = await rigFor(t);
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
    const { server, outbox, location } = await rigFor(t);
    const db = open(location.slice("sqlite:".length));
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

  test(`${name}: another file, and a handle without a transaction, are refused`, async (t) => {
    const { outbox, location } = await rigFor(t);
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
}
