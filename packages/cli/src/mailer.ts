/** A mailer from the options that `send` and `verify` share, or from an account. */
import type { Mailer, MechanismName } from "@postseal/mailer";
import type { Arguments } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { credentialsOf } from "./credentials.ts";
import { mechanismNamed, mechanismNames } from "./mechanism.ts";
import type { OptionName } from "./option.ts";
import { serverOf } from "./server.ts";
import { printable } from "./terminal.ts";
import { minimumVersionOf, tlsOptionsOf } from "./tls.ts";

/**
 * `from`: as it was typed; it chooses the account where none is named, and neither --server nor POSTSEAL_URL names a
 * server. Throws `CommandError` and `InputError`. Nothing connects yet.
 */
export async function mailerOf(given: Arguments, from?: string): Promise<Mailer> {
  given.oneOf("account", "server");
  const isServerNamed = given.has("server") || (process.env["POSTSEAL_URL"] ?? "").trim() !== "";
  return given.has("account") || !isServerNamed ? mailerByAccount(given, from) : mailerByOptions(given);
}

async function mailerByOptions(given: Arguments): Promise<Mailer> {
  const server = serverOf(given, process.env);
  const credentials = await credentialsOf(given, server, { environment: process.env, warn });
  const tls = await tlsOptionsOf(given);
  const auth = { ...mechanismOf(given.one("mechanism")), ...minimumOf(given.one("minimum")) };
  // Late: a mistake on the command line is told without waiting for the library and its authorities.
  const { createMailer } = await import("@postseal/mailer");
  return createMailer(server.url, {
    tls,
    auth,
    chunking: !given.has("no-chunking"),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

/** What an account says for itself, or what could loosen it. */
const OF_THE_SERVER: readonly OptionName[] = [
  "password-file",
  "password-env",
  "token-file",
  "token-env",
  "mechanism",
  "ca",
  "ca-only",
  "pin",
  "trust-pin",
  "client-cert",
  "client-key",
];

async function mailerByAccount(given: Arguments, from: string | undefined): Promise<Mailer> {
  const tightening = {
    ...minimumVersionOf(given.one("min-tls")),
    ...minimumOf(given.one("minimum")),
    requirePostQuantum: given.has("require-pq"),
    chunking: !given.has("no-chunking"),
  };
  const { configurationPaths, readConfiguration } = await import("./account/configuration-file.ts");
  const configuration = await readConfiguration(configurationPaths(process.env));
  const name = given.one("account");
  if (name === undefined && configuration.accounts.length === 0) {
    throw new CommandError(
      "CLI_USAGE",
      "there is no server: give --server submission://USER@HOST, set POSTSEAL_URL, or make an account with postseal account add",
    );
  }
  const { accountFor, accountNamed } = await import("./account/choice.ts");
  const account = name === undefined ? accountFor(addressIn(from), configuration) : accountNamed(name, configuration);
  const odd = OF_THE_SERVER.find((option) => given.has(option));
  if (odd !== undefined) {
    throw new CommandError(
      "CLI_USAGE",
      `--${odd} goes with --server or POSTSEAL_URL. The account ${account.name} says itself what it needs; over that, --min-tls, --require-pq and --minimum ask for more`,
    );
  }
  const { mailerOfAccount } = await import("./account/account-mailer.ts");
  return mailerOfAccount(account, process.env, tightening);
}

/** The address of `Alice <alice@example.com>`. Whether it is one the library judges. */
function addressIn(from: string | undefined): string | undefined {
  return from === undefined ? undefined : (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim();
}

function warn(message: string): void {
  process.stderr.write(`postseal: warning: ${printable(message)}\n`);
}

function mechanismOf(given: string | undefined): { readonly mechanism?: MechanismName } {
  if (given === undefined) return {};
  const mechanism = mechanismNamed(given);
  if (mechanism === undefined)
    throw new CommandError("CLI_USAGE", `--mechanism is one of ${mechanismNames.join(", ")}`);
  return { mechanism };
}

function minimumOf(given: string | undefined): { readonly minimum?: "scram" | "scram-plus" } {
  if (given === undefined) return {};
  if (given === "scram" || given === "scram-plus") return { minimum: given };
  throw new CommandError(
    "CLI_USAGE",
    "--minimum is scram (a login that does not show the password) or scram-plus (one bound to this TLS session)",
  );
}
