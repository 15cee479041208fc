/** A caller's search, judged: a condition that was left out by mistake would name every message. */
import { states } from "./model/state.ts";
import { readAddress, readChoice, readOptions, refusal } from "./options.ts";
import type { Search } from "./outbox-api.ts";
import type { Selection } from "./store/operations.ts";

const TEXTS = ["id", "account", "stream", "tag", "recipient"] as const;
const NAMES = [...TEXTS, "state", "after", "limit"] as const;

/** Throws `InputError`. */
export function readSearch(given: Search, most: number): Selection {
  const { limit = most, ...own } = readOptions(given, NAMES, "");
  for (const name of TEXTS) {
    const value: unknown = own[name];
    if (value !== undefined && typeof value !== "string") throw refusal(name, "must be a text");
  }
  if (own.state !== undefined) readChoice(own.state, states, "state");
  if (own.after !== undefined) readNumber(own.after, "after");
  const recipient = own.recipient === undefined ? undefined : readAddress(own.recipient, "recipient");
  return { ...own, recipient, limit: readNumber(limit, "limit") };
}

function readNumber(given: unknown, field: string): number {
  if (typeof given === "number" && Number.isSafeInteger(given) && given >= 0) return given;
  throw refusal(field, "must be a whole number, 0 or more");
}
