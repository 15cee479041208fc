import assert from "node:assert/strict";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { claimOne, folderOf, message, settlement, worker } from "../conformance/engines.ts";
import { openSqlite } from "./sqlite-store.ts";

const modeOf = (file: string): number => statSync(file).mode & 0o777;
const POSIX = { skip: process.platform === "win32" };

test("the database, its log and its shared memory are for this user alone", POSIX, async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const store = await openSqlite({ file });
  await store.call("enqueue", message());
  assert.deepEqual(
    ["", "-wal", "-shm"].map((end) => modeOf(file + end)),
    [0o600, 0o600, 0o600],
  );
  await store.close();
});

test("a folder that others can write in is refused, even if only owners may replace files there", POSIX, async (t) => {
  const folder = path.join(folderOf(t), "open");
  mkdirSync(folder);
  const file = path.join(folder, "mail.db");
  for (const mode of [0o777, 0o770, 0o1777]) {
    chmodSync(folder, mode);
    await assert.rejects(openSqlite({ file }), { code: "OUTBOX_FOLDER_OPEN", message: /0700/ });
  }
});

test("a link is followed, and what it leads to is judged like the file itself", POSIX, async (t) => {
  const folder = folderOf(t);
  const [link, open, dangling] = [
    path.join(folder, "link.db"),
    path.join(folder, "open"),
    path.join(folder, "dangling.db"),
  ];
  mkdirSync(open);
  writeFileSync(path.join(open, "mail.db"), "");
  symlinkSync(path.join(open, "mail.db"), link);
  await (await openSqlite({ file: link })).close();
  chmodSync(open, 0o777);
  await assert.rejects(openSqlite({ file: link }), { code: "OUTBOX_FOLDER_OPEN", message: /0700/ });
  symlinkSync(path.join(folder, "nowhere.db"), dangling);
  await assert.rejects(openSqlite({ file: dangling }), { code: "OUTBOX_STORE_UNREACHABLE" });
});

test("a file that others can write in is refused: what is in it is sent in this user's name", POSIX, async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  for (const mode of [0o622, 0o660]) {
    writeFileSync(file, "");
    chmodSync(file, mode);
    await assert.rejects(openSqlite({ file }), { code: "OUTBOX_FOLDER_OPEN", message: /0600/ });
  }
});

test("without its folder, with a damaged file or with newer tables it does not open, and says what to do", async (t) => {
  const folder = folderOf(t);
  await assert.rejects(openSqlite({ file: path.join(folder, "no", "mail.db") }), { code: "OUTBOX_STORE_UNREACHABLE" });
  const plain = path.join(folder, "plain");
  writeFileSync(plain, "");
  await assert.rejects(openSqlite({ file: path.join(plain, "mail.db") }), { code: "OUTBOX_STORE_UNREACHABLE" });
  const damaged = path.join(folder, "damaged.db");
  writeFileSync(damaged, "this is no database ".repeat(500));
  await assert.rejects(openSqlite({ file: damaged }), { code: "OUTBOX_STORE_DAMAGED", message: /backup/ });
  const newer = path.join(folder, "newer.db");
  await (await openSqlite({ file: newer })).close();
  const db = new DatabaseSync(newer);
  db.exec("update outbox_version set version = 99");
  db.close();
  await assert.rejects(openSqlite({ file: newer }), { code: "OUTBOX_SCHEMA_NEWER", message: /99/ });
});

test("the tables of the first version are migrated with what is in them", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const store = await openSqlite({ file });
  await store.call("enqueue", message());
  await store.call("tellAccount", { account: "default", is: "locked", reason: "535", random: 0, now: 1 });
  await store.close();
  const db = new DatabaseSync(file);
  for (const column of ["refusals", "refusal", "refused_id"])
    db.exec(`alter table outbox_account drop column ${column}`);
  db.exec("update outbox_version set version = 1");
  db.close();
  const migrated = await openSqlite({ file });
  assert.equal((await migrated.call("counts", null)).accounts[0]?.locked, true);
  await migrated.call("pause", { account: "default", stream: undefined, paused: false, now: 2 });
  assert.equal(await migrated.call("settle", settlement(await claimOne(migrated), "finish")), true);
  await migrated.close();
});

test("what was queued is there after opening again, and many may open it at once", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const stores = await Promise.all(Array.from({ length: 6 }, () => openSqlite({ file })));
  await Promise.all(stores.flatMap((store) => Array.from({ length: 20 }, () => store.call("enqueue", message()))));
  await Promise.all(stores.map((store) => store.close()));
  const again = await openSqlite({ file });
  assert.equal((await again.call("counts", null)).states.waiting, 120);
  await again.close();
});

test("if there is no room, the call fails alone, nothing of it is there, and what was queued is safe", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const store = await openSqlite({ file, mostPages: 120 });
  t.after(() => store.close());
  const big = Buffer.alloc(300_000);
  const answers = await Promise.allSettled([
    store.call("enqueue", message({ id: "small" })),
    store.call("enqueue", message({ id: "big", size: big.length, octets: [big, big] })),
    store.call("enqueue", message({ id: "other" })),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  const [, refused] = answers;
  assert.equal(refused?.status === "rejected" && Reflect.get(Object(refused.reason), "code"), "OUTBOX_STORE_FULL");
  assert.deepEqual(
    (await store.call("list", { limit: 10 })).map(({ id }) => id),
    ["small", "other"],
  );
});

test(
  "a database that cannot be written can still be read",
  { skip: process.geteuid?.() === 0 || process.platform === "win32" },
  async (t) => {
    const file = path.join(folderOf(t), "mail.db");
    const store = await openSqlite({ file });
    await store.call("enqueue", message({ id: "kept" }));
    await store.close();
    chmodSync(file, 0o400);
    const reader = await openSqlite({ file });
    t.after(() => reader.close());
    await assert.rejects(reader.call("enqueue", message()), { code: "OUTBOX_STORE_READ_ONLY" });
    assert.deepEqual(
      (await reader.call("list", { limit: 10 })).map(({ id }) => id),
      ["kept"],
    );
  },
);

test("a transaction that another process holds makes the call wait, and not the event loop", async (t) => {
  const file = path.join(folderOf(t), "mail.db");
  const store = await openSqlite({ file });
  t.after(() => store.close());
  const db = new DatabaseSync(file);
  db.exec("begin immediate");
  let isDone = false;
  const waiting = store.call("enqueue", message()).then(() => {
    isDone = true;
  });
  // Reading does not wait.
  assert.deepEqual(await store.call("list", { limit: 1 }).catch(() => []), []);
  assert.equal(isDone, false);
  db.exec("commit");
  db.close();
  await waiting;
  assert.equal((await store.call("counts", null)).states.waiting, 1);
});

test("calls of one turn share a transaction, and each gets its own answer", async (t) => {
  const store = await openSqlite({ file: path.join(folderOf(t), "mail.db") });
  t.after(() => store.close());
  const queued = message();
  const [first, second, details] = await Promise.all([
    store.call("enqueue", { ...queued, key: "k" }),
    store.call("enqueue", { ...queued, key: "k" }),
    store.call("details", { id: queued.id }),
  ]);
  assert.deepEqual([first.is, second.is, details.length], ["new", "duplicate", 1]);
  const claimed = await claimOne(store);
  const [mark, settled] = await Promise.all([
    store.call("mark", { ...claimed, worker, now: 1 }),
    store.call("settle", settlement(claimed, "finish")),
  ]);
  assert.deepEqual([mark, settled], [true, true]);
});

test("a file that was deleted or replaced takes nothing: what is queued into it would be lost", POSIX, async (t) => {
  for (const isReplaced of [false, true]) {
    const folder = folderOf(t);
    const [file, other] = [path.join(folder, "mail.db"), path.join(folder, "other.db")];
    const store = await openSqlite({ file });
    t.after(() => store.close());
    await store.call("enqueue", message());
    await (await openSqlite({ file: other })).close();
    if (isReplaced) renameSync(other, file);
    else rmSync(file);
    const error = { code: "OUTBOX_STORE_UNREACHABLE", message: /deleted or replaced/ };
    await assert.rejects(store.call("enqueue", message()), error);
    await assert.rejects(claimOne(store), error);
  }
});

test("nor does a file whose log was deleted: what is in the log would be lost with the process", POSIX, async (t) => {
  const folder = folderOf(t);
  const [file, link] = [path.join(folder, "mail.db"), path.join(folder, "link.db")];
  writeFileSync(file, "", { mode: 0o600 });
  symlinkSync(file, link);
  const store = await openSqlite({ file: link });
  await store.call("enqueue", message());
  rmSync(`${file}-wal`);
  await assert.rejects(store.call("enqueue", message()), {
    code: "OUTBOX_STORE_UNREACHABLE",
    message: /-wal was deleted/,
  });
  // A close in order still writes what was in it into the database.
  await store.close();
  const again = await openSqlite({ file });
  t.after(() => again.close());
  assert.equal((await again.call("list", { limit: 10 })).length, 1);
});
