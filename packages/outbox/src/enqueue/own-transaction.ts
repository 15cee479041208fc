/** Queues a message in the application's own transaction: the same statements, on the application's handle, without a wait. */
import { realpathSync } from "node:fs";
import { OutboxError } from "../errors/outbox-error.ts";
import { enqueue } from "../sqlite/enqueue.ts";
import { type Handle, statement } from "../sqlite/handle.ts";
import { maybe, text } from "../sqlite/row.ts";
import { assertSafe } from "../sqlite/version.ts";
import type { Enqueued, NewMessage } from "../store/operations.ts";

/** Throws `OutboxError` if the handle is another database's, or is in no transaction. */
export function enqueueIn(handle: Handle, file: string, message: NewMessage): Enqueued {
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
  return enqueue(handle, message);
}

/** `node:sqlite` and better-sqlite3 have different names for it. */
function isInTransaction(handle: Handle): boolean {
  return ["isTransaction", "inTransaction"].some((name) => Reflect.get(handle, name) === true);
}
