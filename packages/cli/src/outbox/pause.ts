/** `postseal outbox pause` and `resume`: stop an account or one of its streams in every process, and go on. */
import type { Outbox } from "@postseal/outbox";
import { configurationPaths, readConfiguration } from "../account/configuration-file.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PauseOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { tellFacts } from "./telling.ts";

export const pause: Subcommand = subcommand({
  options: outboxOptions.pause,
  run: (given) => apply(given, "paused", (outbox, options) => outbox.pause(options)),
});

export const resume: Subcommand = subcommand({
  options: outboxOptions.resume,
  run: (given) => apply(given, "resumed", (outbox, options) => outbox.resume(options)),
});

async function apply(
  given: Arguments<PauseOption>,
  done: "paused" | "resumed",
  change: (outbox: Outbox, options: { readonly account: string; readonly stream: string | undefined }) => Promise<void>,
): Promise<number> {
  const [account, stream] = [given.one("account"), given.one("stream")];
  const file = await existingOutbox(given);
  const changed = await withOutbox(file, {}, async (outbox) => {
    const names = account === undefined ? await allAccounts(outbox) : [await knownAccount(outbox, account)];
    for (const name of names) await change(outbox, { account: name, stream });
    return names;
  });
  if (given.has("json")) return tellFacts({ [done]: changed });
  for (const name of changed) output.line(`${done}: ${name}${stream === undefined ? "" : `, stream ${stream}`}`);
  return exits.done.code;
}

/** A misspelt name would stop nothing, and nobody would notice. Throws `CommandError`. */
async function knownAccount(outbox: Outbox, account: string): Promise<string> {
  if ((await outbox.list({ account, limit: 1 })).length > 0) return account;
  const names = await allAccounts(outbox);
  if (names.includes(account)) return account;
  throw new CommandError(
    "CLI_USAGE",
    `--account: there is no such account, neither in the configuration nor in the outbox; there ${names.length === 1 ? "is only" : "are"} ${names.join(", ")}`,
  );
}

/** Those of the configuration, and those that the outbox has heard of. Throws `CommandError`. */
async function allAccounts(outbox: Outbox): Promise<readonly string[]> {
  const { accounts, lanes } = await outbox.stats();
  const configuration = await readConfiguration(configurationPaths(process.env));
  const names = new Set([
    ...configuration.accounts.map(({ name }) => name),
    ...accounts.map(({ name }) => name),
    ...lanes.map(({ account }) => account),
  ]);
  if (names.size > 0) return [...names];
  throw new CommandError("CLI_CONFIGURATION", "there is no account, neither in the configuration nor in the outbox");
}
