/** What SQLite reports, as an error that says what it means for the outbox. */
import { OutboxError, type OutboxErrorCode } from "../errors/outbox-error.ts";
import { RecordError } from "./record-error.ts";

/** An error as it goes from the thread to the caller. */
export interface Fault {
  readonly code: OutboxErrorCode;
  readonly message: string;
}

/** SQLite's primary result codes. */
const BUSY = 5;
const TABLE_LOCKED = 6;
const READ_ONLY = 8;
const DAMAGED = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NO_DATABASE = 26;

/** Another process has had the database for too long. */
export const LOCKED: Readonly<{ readonly errcode: number }> = { errcode: BUSY };

export function faultOf(error: unknown, path: string): Fault {
  if (error instanceof OutboxError) return { code: error.code, message: error.message };
  const said = error instanceof Error ? error.message : String(error);
  switch (isUnreadable(error) ? DAMAGED : codeOf(error)) {
    case BUSY:
    case TABLE_LOCKED:
      return {
        code: "OUTBOX_STORE_BUSY",
        message:
          `Another process has kept ${path} locked for too long. Nothing was written by this call. Look for a transaction ` +
          "that somebody left open, such as in a database browser.",
      };
    case READ_ONLY:
      return {
        code: "OUTBOX_STORE_READ_ONLY",
        message: `${path} cannot be written. Nothing was written by this call. Look at the modes of the file and its folder, and whether the disk is mounted read-only.`,
      };
    case FULL:
      return {
        code: "OUTBOX_STORE_FULL",
        message: `There is no room left for ${path}. Nothing was written by this call. Free some room on its disk; what is queued is safe.`,
      };
    case DAMAGED:
    case NO_DATABASE:
      return {
        code: "OUTBOX_STORE_DAMAGED",
        message: `${path} is damaged, or is no outbox (${said}). Stop every process that uses it, keep a copy, and restore a backup.`,
      };
    case CANNOT_OPEN:
      return {
        code: "OUTBOX_STORE_UNREACHABLE",
        message: `${path} cannot be opened (${said}). Look at whether its folder exists and may be written by this user.`,
      };
    default:
      return {
        code: "OUTBOX_STORE_FAILED",
        message: `${path} could not be read or written (${said}). What was durable before this call still is.`,
      };
  }
}

/** A row that nobody here has written so: of another shape, or with JSON that is none. */
function isUnreadable(error: unknown): boolean {
  return error instanceof RecordError || error instanceof SyntaxError;
}

export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/** What the system says before SQLite has the file. */
const OF_SYSTEM: ReadonlyMap<unknown, number> = new Map([
  ["EROFS", READ_ONLY],
  ["ENOSPC", FULL],
  ["EDQUOT", FULL],
  ...["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EPERM", "EISDIR"].map((code) => [code, CANNOT_OPEN] as const),
]);

/** The names that better-sqlite3 gives, before what extends them. */
const NAMES: ReadonlyMap<string | undefined, number> = new Map([
  ["BUSY", BUSY],
  ["LOCKED", TABLE_LOCKED],
  ["READONLY", READ_ONLY],
  ["CORRUPT", DAMAGED],
  ["FULL", FULL],
  ["CANTOPEN", CANNOT_OPEN],
  ["NOTADB", NO_DATABASE],
]);

/** The primary result code. `node:sqlite` gives the extended one as a number, better-sqlite3 its name, such as SQLITE_BUSY_SNAPSHOT. */
function codeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const number: unknown = Reflect.get(error, "errcode");
  if (typeof number === "number") return number & 0xff;
  const name: unknown = Reflect.get(error, "code");
  return typeof name === "string" && name.startsWith("SQLITE_") ? NAMES.get(name.split("_")[1]) : OF_SYSTEM.get(name);
}
