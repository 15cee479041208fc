/** Queues a message in the application's own transaction: the same statements, on the application's handle, without a wait. */
import { realpathSync } from "node:fs";
import { OutboxError } from "../errors/outbox-error.ts";
import { enqueue } from "../sqlite/enqueue.ts";
import { faultOf, isBusy } from "../sqlite/fault.ts";
import { type Handle, statement } from "../sqlite/handle.ts";
import type { Library } from "../sqlite/library.ts";
import { IN_MEMORY } from "../sqlite/location.ts";
import { isRow, maybe, text } from "../sqlite/row.ts";
import type { Enqueued, NewMessage } from "../store/operations.ts";

const byId = "select id from outbox_message where id = ? and part = 0";

/** Throws `OutboxError`, such as if the handle is another database's, or is in no transaction. Then nothing of the message is in it. */
export function enqueueIn(
  given: Handle,
  { file, library }: { readonly file: string; readonly library: Library },
  message: NewMessage,
): Enqueued {
  const handle = library.handleOf(given);
  // defence: one-sqlite-in-a-process
  if (handle === undefined) throw otherLibrary();
  let began = false;
  try {
    began = isInTransaction(handle);
    judge(handle, file);
    return enqueueWhole(handle, message);
  } catch (error) {
    if (error instanceof OutboxError) throw error;
    // A handle that is closed cannot be asked.
    throw failure(error, file, began && !isInTransaction(handle));
  }
}

function judge(handle: Handle, file: string): void {
  const main = statement(handle, "select file from pragma_database_list where name = 'main'").get();
  const opened = maybe(text, main, "file") ?? "";
  // defence: transaction-on-the-same-file
  if (opened === "" || file === IN_MEMORY || realpathSync(opened) !== realpathSync(file)) {
    throw new OutboxError(
      "OUTBOX_OTHER_DATABASE",
      `The transaction is on ${opened === "" ? "a database in memory" : opened}, and the outbox is ${file === IN_MEMORY ? "in memory" : `in ${file}`}. A message is queued ` +
        "together with your own rows only if both are in one file: give that file to createOutbox.",
    );
  }
  // defence: transaction-is-one
  if (!isInTransaction(handle)) {
    throw new OutboxError(
      "OUTBOX_NO_TRANSACTION",
      "The handle is not in a transaction. Begin one before, or leave the option out: then the outbox commits by itself.",
    );
  }
}

function otherLibrary(): OutboxError {
  return new OutboxError(
    "OUTBOX_SQLITE_UNSAFE",
    "The transaction is on a handle of another SQLite library than the outbox's. Two libraries in one process do not see each other's " +
      "locks: they lose what was committed, and damage the file. Use one for this file: a DatabaseSync of node:sqlite, or tell createOutbox " +
      'which one you use, such as sqlite: import.meta.resolve("better-sqlite3").',
  );
}

/** All of its rows or none: the caller may catch the error, and commit. */
function enqueueWhole(handle: Handle, message: NewMessage): Enqueued {
  // A prepared message may be given twice, and need not have a key.
  if (isRow(statement(handle, byId).get(message.id))) return { is: "duplicate", id: message.id };
  handle.exec("savepoint postseal_enqueue");
  try {
    return enqueue(handle, message);
  } catch (error) {
    // defence: no-half-message-in-a-transaction
    undo(handle);
    throw error;
  } finally {
    end(handle);
  }
}

function undo(handle: Handle): void {
  if (isInTransaction(handle)) handle.exec("rollback to postseal_enqueue");
}

/** After some errors SQLite has ended the whole transaction, and the savepoint with it. */
function end(handle: Handle): void {
  if (isInTransaction(handle)) handle.exec("release postseal_enqueue");
}

function failure(error: unknown, file: string, isRolledBack: boolean): OutboxError {
  const { code, message } = faultOf(error, file);
  const said = [message];
  if (isBusy(error)) said.push("A transaction that is to write begins with BEGIN IMMEDIATE.");
  if (isRolledBack) said.push("SQLite has rolled back your whole transaction: begin it again.");
  return new OutboxError(code, said.join(" "), error);
}

function isInTransaction(handle: Handle): boolean {
  return handle.isTransaction === true;
}
