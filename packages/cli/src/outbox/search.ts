/** Reads which messages the options name. */
import { type Search, states } from "@postseal/outbox";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import type { PageOption, SearchOption } from "./options.ts";

/** Throws `CommandError` (`CLI_USAGE`). */
export function searchOf(given: Arguments<SearchOption>): Search {
  const state = given.one("state");
  return {
    state: state === undefined ? undefined : stateNamed(state),
    account: given.one("account"),
    stream: given.one("stream"),
    tag: given.one("tag"),
    recipient: given.one("recipient"),
  };
}

/** Throws `CommandError` (`CLI_USAGE`). */
export function pageOf(given: Arguments<PageOption>): { readonly after?: number; readonly limit: number } {
  const after = given.one("after");
  return {
    ...(after === undefined ? {} : { after: numberOf(after, "after", 0) }),
    limit: numberOf(given.one("limit") ?? "100", "limit", 1),
  };
}

/** The only message that is named. Throws `CommandError` (`CLI_USAGE`). */
export function idOf([id]: readonly string[], subcommand: string): string {
  if (id !== undefined && id !== "") return id;
  throw new CommandError("CLI_USAGE", `${subcommand} needs the id of a message, which enqueue and list print`);
}

function stateNamed(word: string): NonNullable<Search["state"]> {
  const found = states.find((one) => one === word);
  if (found !== undefined) return found;
  const close = nearest(word, states);
  throw new CommandError(
    "CLI_USAGE",
    `--state must be one of ${states.join(", ")}${close === undefined ? "" : `; did you mean ${close}?`}`,
  );
}

function numberOf(word: string, option: string, least: number): number {
  const number = /^\d{1,15}$/.test(word) ? Number(word) : -1;
  if (number >= least) return number;
  throw new CommandError("CLI_USAGE", `--${option} must be a whole number, ${least} or more`);
}
