/** Queues a message in the application's own transaction: the same statements, on the application's handle, without a wait. */
import { realpathSync } from "node:fs";
import { OutboxError } from "../errors/outbox-error.ts";
import { enqueue } from "../sqlite/enqueue.ts";
import { faultOf, isBusy } from "../sqlite/fault.ts";
import { type Handle, statement } from "../sqlite/handle.ts";
import { maybe, text } from "../sqlite/row.ts";
import { assertSafe } from "../sqlite/version.ts";
import type { Enqueued, NewMessage } from "../store/operations.ts";

/** Throws `OutboxError`, such as if the handle is another database's, or is in no transaction. Then nothing of the message is in it. */
export function enqueueIn(handle: Handle, file: string, message: NewMessage): Enqueued {
  try {
    judge(handle, file);
    return enqueueWhole(handle, message);
  } catch (error) {
    throw error instanceof OutboxError ? error : failure(error, handle, file);
  }
}

function judge(handle: Handle, file: string): void {
  assertSafe(text(statement(handle, "select sqlite_version() as version").get(), "version"));
  const main = statement(handle, "select file from pragma_database_list where name = 'main'").get();
  const opened = maybe(text, main, "file") ?? "";
  // defence: transaction-on-the-same-file
  if (opened === "" || realpathSync(opened) !== realpathSync(file)) {
    throw new OutboxError(
      "OUTBOX_OTHER_DATABASE",
      `The transaction is on ${opened === "" ? "a database in memory" : opened}, and the outbox is in ${file}. A message is queued ` +
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

/** All of its rows or none: the caller may catch the error, and commit. */
function enqueueWhole(handle: Handle, message: NewMessage): Enqueued {
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

function failure(error: unknown, handle: Handle, file: string): OutboxError {
  const { code, message } = faultOf(error, file);
  const said = [message];
  if (isBusy(error)) said.push("A transaction that is to write begins with BEGIN IMMEDIATE.");
  if (!isInTransaction(handle)) said.push("SQLite has rolled back your whole transaction: begin it again.");
  return new OutboxError(code, said.join(" "), error);
}

/** `node:sqlite` and better-sqlite3 have different names for it. */
function isInTransaction(handle: Handle): boolean {
  return ["isTransaction", "inTransaction"].some((name) => Reflect.get(handle, name) === true);
}
