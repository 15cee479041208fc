/** What can go wrong with an outbox itself. What goes wrong with a message's input is an `InputError` of the mailer. */

/** docs/guide/operating-the-outbox.md has an entry for each. */
export const outboxErrorCodes = [
  "OUTBOX_SQLITE_UNSAFE",
  "OUTBOX_FOLDER_OPEN",
  "OUTBOX_STORE_UNREACHABLE",
  "OUTBOX_STORE_FULL",
  "OUTBOX_STORE_READ_ONLY",
  "OUTBOX_STORE_BUSY",
  "OUTBOX_STORE_DAMAGED",
  "OUTBOX_STORE_FAILED",
  "OUTBOX_SCHEMA_NEWER",
  "OUTBOX_CLOSED",
  "OUTBOX_KEY_CONFLICT",
  "OUTBOX_OTHER_DATABASE",
  "OUTBOX_NO_TRANSACTION",
  "OUTBOX_NOT_MARKED",
  "OUTBOX_BODY_GONE",
] as const;

export type OutboxErrorCode = (typeof outboxErrorCodes)[number];

/** These pass without a change to the program. */
const PASSING: ReadonlySet<OutboxErrorCode> = new Set<OutboxErrorCode>([
  "OUTBOX_STORE_FULL",
  "OUTBOX_STORE_READ_ONLY",
  "OUTBOX_STORE_BUSY",
  "OUTBOX_STORE_FAILED",
]);

/** Match on `code`, never on the message. Nothing was sent and nothing was queued by the call that throws it. */
export class OutboxError extends Error {
  readonly code: OutboxErrorCode;
  /** `retry`: the same may succeed later, such as once there is room on the disk. */
  readonly disposition: "retry" | "give-up";

  constructor(code: OutboxErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.disposition = PASSING.has(code) ? "retry" : "give-up";
    Error.captureStackTrace(this, new.target);
  }

  override get name(): string {
    return "OutboxError";
  }
}
