/** `postseal outbox retry`, `cancel` and `resolve`: what a person decides about messages. */
import type { Changed, Outbox, Search } from "@postseal/outbox";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PlaceOption, type ResolveOption, searchOptions, type SearchOption } from "./options.ts";
import { namesOf } from "../option.ts";
import { existingOutbox } from "./outbox-file.ts";
import { idOf, searchOf } from "./search.ts";
import { tellFacts } from "./telling.ts";

export const retry: Subcommand = subcommand({
  options: outboxOptions.retry,
  operand: { label: "[ID]", takes: "word" },
  run: (given) => change(given, "retry", (outbox, search) => outbox.retry(search)),
});

export const cancel: Subcommand = subcommand({
  options: outboxOptions.cancel,
  operand: { label: "[ID]", takes: "word" },
  run: (given) => change(given, "cancel", (outbox, search) => outbox.cancel(search)),
});

export const resolve: Subcommand = subcommand({
  options: outboxOptions.resolve,
  operand: { label: "ID", takes: "word" },
  run: resolveMessage,
});

const DONE = { retry: "to be sent now", cancel: "cancelled", resolve: "resolved" } as const;

async function change(
  given: Arguments<SearchOption | PlaceOption>,
  word: "retry" | "cancel",
  apply: (outbox: Outbox, search: Search) => Promise<Changed>,
): Promise<number> {
  const search = selectionOf(given, word);
  const changed = await withOutbox(await existingOutbox(given), {}, (outbox) => apply(outbox, search));
  return tellChange(changed, word, given.has("json"));
}

/** An empty selection would be every message: too much to mean it by accident. */
function selectionOf(given: Arguments<SearchOption>, word: string): Search {
  const [id] = given.words;
  const option = namesOf(searchOptions).find((name) => given.has(name));
  if (id !== undefined && option !== undefined)
    throw new CommandError("CLI_USAGE", `an id and --${option} exclude each other; give one of them`);
  if (id !== undefined) return { id };
  if (option !== undefined) return searchOf(given);
  const options = namesOf(searchOptions).map((name) => `--${name}`);
  throw new CommandError("CLI_USAGE", `${word} needs the id of a message, or which messages: ${options.join(", ")}`);
}

async function resolveMessage(given: Arguments<ResolveOption>): Promise<number> {
  const id = idOf(given.words, "resolve");
  const as = given.oneOf("delivered", "again");
  if (as === undefined)
    throw new CommandError(
      "CLI_USAGE",
      "resolve needs --delivered if the message has arrived, or --again to send it once more",
    );
  const changed = await withOutbox(await existingOutbox(given), {}, (outbox) => outbox.resolve(id, as));
  return tellChange(changed, "resolve", given.has("json"));
}

function tellChange({ changed, kept }: Changed, word: keyof typeof DONE, asJson: boolean): number {
  const exitCode = changed === 0 ? exits.nothing.code : exits.done.code;
  if (asJson) return tellFacts({ changed, kept }, exitCode);
  if (changed > 0) output.line(`${DONE[word]}: ${counted(changed)}`);
  const left = Object.entries(kept).map(([state, count]) => `${count} ${state}`);
  if (left.length > 0) errors.line(`postseal: left as they are: ${left.join(", ")}. ${REASONS[word]}`);
  else if (changed === 0) errors.line("postseal: there is no such message");
  return exitCode;
}

const REASONS: Readonly<Record<keyof typeof DONE, string>> = {
  retry:
    "What is done, cancelled or under way is not sent again, nor is what has lost its octets; what is in doubt takes resolve",
  cancel: "What has ended, or may have been handed over already, cannot be taken back",
  resolve: "Only a message in doubt can be resolved",
};

function counted(messages: number): string {
  return messages === 1 ? "1 message" : `${messages} messages`;
}
