/** What a caller may say about a message that is queued. */
import type { Floor } from "../model/floor.ts";
import { readChoice, readFlag, readName, readOptions, readTime, refusal } from "../options.ts";
import type { Handle } from "../sqlite/handle.ts";
import type { OnUnknown } from "../store/operations.ts";
import { readKey } from "./identity.ts";

export interface EnqueueOptions {
  /**
   * A text of yours for what the message is about, such as `receipt/4711`: a second message with it is not queued. It is taken as
   * long as the outbox remembers the message. The same key with another message is an `OutboxError` (`OUTBOX_KEY_CONFLICT`).
   */
  readonly key?: string | undefined;
  /** The account that sends it. Default `default`. */
  readonly account?: string | undefined;
  /** Streams share an account by their weights. Default `transactional`. */
  readonly stream?: string | undefined;
  /** Not before this time. Default: now. */
  readonly at?: Date | undefined;
  /** Not after this time. Default: the outbox's `lifetime` after `at`. */
  readonly expires?: Date | undefined;
  /** What to do if nobody can know whether it was taken: `hold` it for a person, or `redeliver` it, perhaps twice. Default: the account's. */
  readonly onUnknown?: OnUnknown | undefined;
  /** Words by which it can be found. */
  readonly tags?: readonly string[] | undefined;
  /** What its account has to promise when it is sent, beside what it promises now. */
  readonly floor?: Floor | undefined;
  /**
   * A `DatabaseSync` of `node:sqlite`, or a handle of the library that the option `sqlite` names, on the outbox's own file and in a
   * transaction: the message is queued if that commits.
   */
  readonly transaction?: Handle | undefined;
}

/** The same, judged. Times are milliseconds since 1970. */
export interface Wishes {
  readonly key: string | undefined;
  readonly account: string;
  readonly stream: string;
  readonly at: number | undefined;
  readonly expires: number | undefined;
  readonly onUnknown: OnUnknown | undefined;
  readonly tags: readonly string[];
  readonly floor: Floor;
  readonly transaction: Handle | undefined;
}

export const DEFAULT_ACCOUNT: string = "default";
const DEFAULT_STREAM = "transactional";
const MOST_TAGS = 20;
const NAMES = ["key", "account", "stream", "at", "expires", "onUnknown", "tags", "floor", "transaction"] as const;
const FLOOR_NAMES = ["server", "minVersion", "postQuantum", "pinned", "ownAuthorities"] as const;

/** Throws `InputError`. */
export function readEnqueueOptions(given: EnqueueOptions): Wishes {
  const own = readOptions(given, NAMES, "");
  const at = own.at === undefined ? undefined : readTime(own.at, "at");
  const expires = own.expires === undefined ? undefined : readTime(own.expires, "expires");
  if (expires !== undefined && expires <= (at ?? Date.now()))
    throw refusal("expires", "must be later than now and than at: the message could never be sent");
  return {
    key: readKey(own.key),
    account: own.account === undefined ? DEFAULT_ACCOUNT : readName(own.account, "account"),
    stream: own.stream === undefined ? DEFAULT_STREAM : readName(own.stream, "stream"),
    at,
    expires,
    onUnknown: own.onUnknown === undefined ? undefined : readChoice(own.onUnknown, ["hold", "redeliver"], "onUnknown"),
    tags: own.tags === undefined ? [] : readTags(own.tags),
    floor: own.floor === undefined ? {} : readFloor(own.floor),
    transaction: own.transaction === undefined ? undefined : readHandle(own.transaction),
  };
}

function readTags(given: readonly string[]): readonly string[] {
  if (!Array.isArray(given) || given.length > MOST_TAGS)
    throw refusal("tags", `must be a list of at most ${MOST_TAGS} words`);
  return [...new Set(Array.from(given, (tag: unknown, place) => readName(tag, `tags[${place}]`)))];
}

function readFloor(given: Floor): Floor {
  const own = readOptions(given, FLOOR_NAMES, "floor");
  if (own.server !== undefined && (typeof own.server !== "string" || own.server === ""))
    throw refusal("floor.server", "must be the name of a server");
  return {
    server: own.server?.toLowerCase(),
    minVersion:
      own.minVersion === undefined ? undefined : readChoice(own.minVersion, ["TLSv1.2", "TLSv1.3"], "floor.minVersion"),
    postQuantum:
      own.postQuantum === undefined
        ? undefined
        : readChoice(own.postQuantum, ["prefer", "require"], "floor.postQuantum"),
    pinned: readFlag(own.pinned, "floor.pinned"),
    ownAuthorities: readFlag(own.ownAuthorities, "floor.ownAuthorities"),
  };
}

function readHandle(given: Handle): Handle {
  const handle: unknown = given;
  if (typeof handle === "object" && handle !== null && hasMethod(handle, "prepare") && hasMethod(handle, "exec"))
    return given;
  throw refusal(
    "transaction",
    "must be a database handle: a DatabaseSync of node:sqlite, or a handle of the library that the option sqlite names",
  );
}

function hasMethod(object: object, name: string): boolean {
  return typeof Reflect.get(object, name) === "function";
}
