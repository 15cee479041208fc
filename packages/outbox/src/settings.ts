/** The options of an outbox, judged before anything is opened. */
import path from "node:path";
import { InputError } from "@postseal/mailer";
import { type Account, type AccountOptions, readAccount } from "./delivery/account.ts";
import { LATEST, readDuration, readFlag, readName, readOptions, readRecord, refusal } from "./options.ts";
import { IN_MEMORY } from "./sqlite/location.ts";

export interface OutboxOptions {
  /** By their names. A process that only queues needs none, and no secret. */
  readonly accounts?: Readonly<Record<string, AccountOptions>> | undefined;
  /** The share of each stream beside the others. Default `{ transactional: 10, bulk: 1 }`; a stream that is not named has 1. */
  readonly streams?: Readonly<Record<string, number>> | undefined;
  /** Milliseconds after which a message that could not be sent expires. Default 4 days. */
  readonly lifetime?: number | undefined;
  /** Milliseconds after its first attempt that a message which still waits causes a `delay` event, once. Default 4 hours. */
  readonly delayAfter?: number | undefined;
  /** Milliseconds that the octets of a message are kept after its end. Default 0. */
  readonly keepBodies?: number | undefined;
  /** Milliseconds that all that is known of a message is kept after its end; so long its key is taken. Default 30 days. */
  readonly keepRecords?: number | undefined;
  /** Milliseconds without a heartbeat after which a worker counts as dead. Default 60000. */
  readonly silence?: number | undefined;
  /**
   * The URL or path of the module of another SQLite library, if this process opens the file with it too, such as
   * `import.meta.resolve("better-sqlite3")`. Two libraries in one process damage the file. Default: Node's own.
   */
  readonly sqlite?: string | URL | undefined;
  /** Delivers nothing: each message is cancelled, and kept so that it can be looked at. */
  readonly development?: boolean | undefined;
}

/** The same, judged. */
export interface Settings {
  readonly file: string;
  readonly sqlite: string | undefined;
  readonly accounts: readonly Account[];
  readonly weights: Readonly<Record<string, number>>;
  readonly lifetime: number;
  readonly delayAfter: number;
  readonly keepBody: number;
  readonly keepRecord: number;
  readonly silence: number;
  readonly development: boolean;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const NAMES = [
  "accounts",
  "streams",
  "lifetime",
  "delayAfter",
  "keepBodies",
  "keepRecords",
  "silence",
  "sqlite",
  "development",
] as const;

/** Throws `InputError`. */
export function readSettings(location: string, options: OutboxOptions): Settings {
  const own = readOptions(options, NAMES, "");
  const file = fileOf(location);
  const accounts = readRecord(own.accounts ?? {}, "accounts").map(([name, account]) =>
    readAccount(readName(name, "accounts"), account),
  );
  return {
    file,
    sqlite: own.sqlite === undefined ? undefined : readModule(own.sqlite),
    accounts,
    weights: readWeights(own.streams),
    lifetime: own.lifetime === undefined ? 4 * DAY : readDuration(own.lifetime, "lifetime", 1),
    delayAfter: own.delayAfter === undefined ? 4 * HOUR : readDuration(own.delayAfter, "delayAfter", 1),
    keepBody: own.keepBodies === undefined ? 0 : Math.min(readDuration(own.keepBodies, "keepBodies", 0), LATEST / 2),
    keepRecord: own.keepRecords === undefined ? 30 * DAY : readDuration(own.keepRecords, "keepRecords", 0),
    silence: own.silence === undefined ? 60_000 : readDuration(own.silence, "silence", 1_000),
    development: readFlag(own.development, "development"),
  };
}

function fileOf(location: string): string {
  if (typeof location !== "string" || !location.startsWith("sqlite:"))
    throw new InputError(
      "MAIL_INPUT_URL",
      "location",
      "must be sqlite: and the path of a file, such as sqlite:mail.db",
    );
  const file = location.slice("sqlite:".length);
  if (file === IN_MEMORY) return file;
  if (file === "" || file.includes("\0"))
    throw new InputError("MAIL_INPUT_URL", "location", "names no file after sqlite:");
  // The program may change its working directory, and SQLite would take `file:` for a URI, which may mean a database in memory.
  return path.resolve(file.replace(/^\/\/(?=\/)/, ""));
}

function readModule(given: string | URL): string {
  const module = given instanceof URL ? given.href : given;
  if (typeof module === "string" && (module.startsWith("file:") || path.isAbsolute(module))) return module;
  throw refusal(
    "sqlite",
    'must be the URL or the path of a file: import.meta.resolve("better-sqlite3"), or require.resolve of the same',
  );
}

function readWeights(given: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> {
  if (given === undefined) return { transactional: 10, bulk: 1 };
  return Object.fromEntries(
    readRecord(given, "streams").map(([name, weight]) => [
      readName(name, "streams"),
      readDuration(weight, `streams.${name}`, 1),
    ]),
  );
}
