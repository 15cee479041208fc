/** Opens the database file as the outbox needs it, and runs transactions on it. Only the thread does. */
import { closeSync, constants, lstatSync, openSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { OutboxError } from "../errors/outbox-error.ts";
import { isBusy } from "./fault.ts";
import { statement } from "./handle.ts";
import { IN_MEMORY } from "./location.ts";
import type { Database, Library } from "./library.ts";
import { text } from "./row.ts";
import { isCurrent, migrate } from "./schema.ts";
import { assertSafe } from "./version.ts";

/** Milliseconds that a transaction waits for another process's. */
export const PATIENCE: number = 10_000;
const OTHERS_WRITE = 0o022;
/** Octets that the log may keep on the disk after a checkpoint. */
const LOG_LIMIT = 16 * 1024 * 1024;

export interface Opening {
  /** A path, or `:memory:`. */
  readonly file: string;
  /** The largest number of pages that the file may have: only tests limit it. */
  readonly mostPages?: number | undefined;
  /** The module of another SQLite library than Node's own. */
  readonly library?: string | undefined;
}

/** Throws what SQLite throws, or `OutboxError`. */
export function openDatabase({ file, mostPages, library: module }: Opening, library: Library): Database {
  if (file !== IN_MEMORY) makePrivate(file);
  const db = library.open(file);
  try {
    patiently(() => {
      assertSafe(versionText(db), module);
      if (mostPages !== undefined) db.exec(`pragma max_page_count = ${mostPages}`);
      db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = ${LOG_LIMIT}`);
      // A process that finds the tables as they should be writes nothing: a database that is only read stays readable.
      if (!isCurrent(db)) within(db, () => migrate(db));
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Begins a transaction, unless another process has one: then it returns `false`. */
export function begin(db: Database): boolean {
  try {
    db.exec("begin immediate");
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** Commits what the action wrote in the transaction that has begun, or nothing of it. */
export function finish<T>(db: Database, action: () => T): T {
  try {
    const result = action();
    db.exec("commit");
    return result;
  } catch (error) {
    // When the disk is full, SQLite has rolled back already.
    if (db.isTransaction === true) db.exec("rollback");
    throw error;
  }
}

/** Milliseconds until the next try, at random, so that two processes do not keep meeting. */
export function pauseForLock(): number {
  return 1 + Math.random() * 8;
}

function within<T>(db: Database, action: () => T): T {
  db.exec("begin immediate");
  return finish(db, action);
}

/** Only while opening, when nobody waits for another answer of this thread. */
function patiently(action: () => void): void {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseForLock());
    }
  }
}

function versionText(db: Database): string {
  return text(statement(db, "select sqlite_version() as version").get(), "version");
}

/** The log and the shared memory get the modes of the file, so it has them before SQLite opens it. */
function makePrivate(file: string): void {
  if (process.platform === "win32") return;
  assertClosed(path.dirname(file));
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    assertOwn(realpathSync(file));
    return;
  }
  // defence: outbox-file-is-private
  closeSync(openSync(file, constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW, 0o600));
}

function assertClosed(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined)
    throw new OutboxError(
      "OUTBOX_STORE_UNREACHABLE",
      `There is no folder ${folder} for the outbox. Make it first, with mode 0700.`,
    );
  // A sticky folder too: there, somebody else may be the first to make the log that SQLite finds beside the file.
  // defence: outbox-folder-is-closed
  if ((found.mode & OTHERS_WRITE) !== 0)
    throw new OutboxError(
      "OUTBOX_FOLDER_OPEN",
      `Other users can write in ${folder}, and could put a file of theirs in the outbox's place. Give it mode 0700.`,
    );
}

/** A file that is there. SQLite follows a link, and puts the log beside what it leads to. */
function assertOwn(file: string): void {
  assertClosed(path.dirname(file));
  // defence: outbox-file-is-closed
  if ((statSync(file).mode & OTHERS_WRITE) !== 0)
    throw new OutboxError(
      "OUTBOX_FOLDER_OPEN",
      `Other users can write in ${file}, and what is in it is sent in your name. Give it mode 0600.`,
    );
}
