/** A caller's search, judged: a condition that was left out by mistake would name every message. */
import { kindOf } from "@postseal/mailer/internal";
import { states } from "./model/state.ts";
import { readAddress, readChoice, readOptions, refusal } from "./options.ts";
import type { Search } from "./outbox-api.ts";
import type { Selection } from "./store/operations.ts";

const TEXTS = ["id", "account", "stream", "tag", "recipient"] as const;
const NAMES = [...TEXTS, "state", "after", "limit"] as const;

/** Throws `InputError`. `most`: the limit, if none is given. */
export function readSearch(given: Search, most: number): Selection {
  const own = readOptions(given, NAMES, "");
  // It names one message; the id of a message that was not found must not name all.
  if (own.id === undefined && Object.hasOwn(own, "id"))
    throw refusal("id", "is undefined: give the id, or leave it out");
  for (const name of TEXTS) if (own[name] !== undefined) readText(own[name], name);
  return {
    ...own,
    recipient: own.recipient === undefined ? undefined : readAddress(own.recipient, "recipient"),
    state: own.state === undefined ? undefined : readChoice(own.state, states, "state"),
    after: own.after === undefined ? undefined : readCount(own.after, "after", 0),
    limit: own.limit === undefined ? most : readCount(own.limit, "limit", 1),
  };
}

/** For what changes messages. Throws `InputError` for a search that names none, since that would be every message. */
export function readTarget(search: Search): Selection {
  const selection = readSearch(search, Number.MAX_SAFE_INTEGER);
  const isNamed = [...TEXTS, "state" as const].some((name) => selection[name] !== undefined);
  if (isNamed) return selection;
  throw refusal("search", "names no messages, and would change them all: give an id, a state, a tag or the like");
}

/** Throws `InputError`. */
export function readText(given: unknown, field: string): string {
  if (typeof given === "string") return given;
  throw refusal(field, `must be a text; this is ${kindOf(given)}`);
}

/** Throws `InputError`. */
export function readCount(given: unknown, field: string, least: number): number {
  if (typeof given === "number" && Number.isSafeInteger(given) && given >= least) return given;
  throw refusal(field, `must be a whole number, ${least} or more`);
}
