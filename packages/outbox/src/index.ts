/** The public API: a durable queue for mail. */
export { OutboxError, type OutboxErrorCode, outboxErrorCodes } from "./errors/outbox-error.ts";
export { openSqlite } from "./sqlite/sqlite-store.ts";
