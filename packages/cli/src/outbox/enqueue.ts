/** `postseal outbox enqueue`: puts a message into the outbox, and reports its id. */
import { InputError } from "@postseal/mailer";
import type { EnqueueOptions } from "@postseal/outbox";
import type { Account } from "../account/account.ts";
import { accountFor, accountNamed } from "../account/choice.ts";
import { configurationPaths, readConfiguration } from "../account/configuration-file.ts";
import type { Configuration } from "../account/configuration.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { interruptible } from "../interruption.ts";
import { addressIn } from "../mail/mailer.ts";
import { messageOf } from "../mail/message.ts";
import { errors } from "../output.ts";
import { inOwnWords, outboxWords } from "../result/own-words.ts";
import { tell } from "../result/tell.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { momentOf } from "./moment.ts";
import { type EnqueueOption, outboxOptions } from "./options.ts";
import { queue } from "./queue.ts";

export const enqueue: Subcommand = subcommand({ options: outboxOptions.enqueue, run: enqueueMessage });

async function enqueueMessage(given: Arguments<EnqueueOption>): Promise<number> {
  const { signal, release } = interruptible();
  try {
    const wishes = wishesOf(given, Date.now());
    const configuration = await readConfiguration(configurationPaths(process.env));
    const account = accountOf(given, configuration);
    const own = account.from.find((address) => !address.startsWith("@"));
    const message = await messageOf(given, own, { stdin: process.stdin, signal, say: tellPerson });
    const queued = await queue(message, account, { named: given.one("outbox"), configuration, wishes }).catch(
      (error: unknown) => {
        throw isOfWish(error) ? new CommandError("CLI_USAGE", inOwnWords(error, outboxWords), error) : error;
      },
    );
    return tell({ kind: "queued", queued }, given.has("json"), outboxWords);
  } finally {
    release();
  }
}

/** Only by accounts: the worker needs the server and its password too, and neither is put into the outbox. */
function accountOf(given: Arguments<EnqueueOption>, configuration: Configuration): Account {
  const name = given.one("account");
  if (name !== undefined) return accountNamed(name, configuration);
  if ((process.env["POSTSEAL_URL"] ?? "").trim() !== "")
    throw new CommandError(
      "CLI_USAGE",
      "POSTSEAL_URL names a server, and the outbox sends through accounts of config.toml alone: give --account NAME, or unset POSTSEAL_URL",
    );
  return accountFor(addressIn(given.one("from")), configuration);
}

function wishesOf(given: Arguments<EnqueueOption>, now: number): EnqueueOptions {
  const [at, expires] = [given.one("at"), given.one("expires")];
  return {
    key: given.one("key"),
    stream: given.one("stream"),
    at: at === undefined ? undefined : momentOf(at, "at", now),
    expires: expires === undefined ? undefined : momentOf(expires, "expires", now),
    onUnknown: onUnknownOf(given.one("on-unknown")),
    tags: given.all("tag"),
  };
}

/** The outbox judges these options; a mistake in one is still a mistake on the command line, and none in an account. */
function isOfWish(error: unknown): error is InputError {
  return error instanceof InputError && /^(?:key|stream|at|expires|tags\b.*)$/.test(error.field);
}

function onUnknownOf(word: string | undefined): EnqueueOptions["onUnknown"] {
  if (word === undefined || word === "hold" || word === "redeliver") return word;
  throw new CommandError("CLI_USAGE", "--on-unknown must be hold or redeliver");
}

function tellPerson(line: string): void {
  if (errors.isTerminal) errors.line(line);
}
