/** Makes a mailer from the options that `send` and `verify` share, or from an account. */
import type { Mailer, MailerOptions } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { credentialsOf } from "./credentials.ts";
import { type LoginOption, loginOptions, type TlsOption, tlsOptions } from "./options.ts";
import { namesOf, type Options } from "../option.ts";
import { errors } from "../output.ts";
import { accountWords, type OwnWords, sendWords } from "../result/own-words.ts";
import { serverOf } from "./server.ts";
import { tlsFilesOf } from "./tls.ts";

const OPTIONS: Options<LoginOption | TlsOption> = { ...loginOptions, ...tlsOptions };

export interface Sending {
  readonly mailer: Mailer;
  /** The account's own address; `undefined` without an account. */
  readonly own: string | undefined;
  /** For its errors. */
  readonly words: OwnWords;
}

/**
 * `settings`: from the options that `verify` does not have. `from`: as it was typed; it chooses the account if none is named,
 * and neither --server nor POSTSEAL_URL names a server. Throws `CommandError` and `InputError`. Does not connect yet.
 */
export async function sendingOf(
  given: Arguments<LoginOption | TlsOption>,
  { settings = {}, from }: { readonly settings?: MailerOptions; readonly from?: string | undefined } = {},
): Promise<Sending> {
  given.oneOf("account", "server");
  const isServerNamed = given.has("server") || (process.env["POSTSEAL_URL"] ?? "").trim() !== "";
  return given.has("account") || !isServerNamed
    ? sendingByAccount(given, settings, from)
    : { mailer: await mailerByOptions(given, settings), own: undefined, words: sendWords };
}

/** For a subcommand that needs no sender. */
export async function mailerOf(given: Arguments<LoginOption | TlsOption>): Promise<Mailer> {
  return (await sendingOf(given)).mailer;
}

/** The library's options that the given options of the command stand for. */
export function settingsOf<Name extends string>(given: Arguments<NoInfer<Name>>, table: Options<Name>): MailerOptions {
  const made = namesOf(table)
    .filter((name) => given.has(name))
    .map((name) => table[name].makes?.(given.all(name)) ?? {});
  return joined(...made);
}

function joined(...settings: readonly MailerOptions[]): MailerOptions {
  return settings.reduce(
    (all, one) => ({ ...all, ...one, tls: { ...all.tls, ...one.tls }, auth: { ...all.auth, ...one.auth } }),
    {},
  );
}

async function mailerByOptions(given: Arguments<LoginOption | TlsOption>, settings: MailerOptions): Promise<Mailer> {
  const server = serverOf(given, process.env);
  const credentials = await credentialsOf(given, server, { environment: process.env, warn });
  const options = joined(settings, settingsOf(given, OPTIONS), { tls: await tlsFilesOf(given) });
  // Late, so that a mistake on the command line is reported without loading the library and its authorities.
  const { createMailer } = await import("@postseal/mailer");
  return createMailer(server.url, { ...options, ...(credentials === undefined ? {} : { credentials }) });
}

async function sendingByAccount(
  given: Arguments<LoginOption | TlsOption>,
  settings: MailerOptions,
  from: string | undefined,
): Promise<Sending> {
  const odd = namesOf(OPTIONS).find((name) => given.has(name) && OPTIONS[name].goesWithAccount !== true);
  const asked = joined(settings, odd === undefined ? settingsOf(given, OPTIONS) : {});
  const { configurationPaths, readConfiguration, searched } = await import("../account/configuration-file.ts");
  const configuration = await readConfiguration(configurationPaths(process.env));
  const name = given.one("account");
  if (name === undefined && configuration.accounts.length === 0) {
    throw new CommandError(
      "CLI_USAGE",
      `there is no server: give --server submission://USER@HOST, set POSTSEAL_URL, or make an account with postseal account add. There is none in ${searched(process.env)}`,
    );
  }
  const { accountFor, accountNamed } = await import("../account/choice.ts");
  const account = name === undefined ? accountFor(addressIn(from), configuration) : accountNamed(name, configuration);
  if (odd !== undefined) {
    throw new CommandError(
      "CLI_USAGE",
      `--${odd} needs --server or POSTSEAL_URL. The account ${account.name} has its own settings; only --min-tls, --require-pq and --minimum can demand more`,
    );
  }
  const { mailerOfAccount } = await import("../account/account-mailer.ts");
  const own = account.from.find((address) => !address.startsWith("@"));
  return { mailer: await mailerOfAccount(account, process.env, asked), own, words: accountWords };
}

/** The address in `Alice <alice@example.com>`. The library judges whether it is valid. */
export function addressIn(from: string | undefined): string | undefined {
  return from === undefined ? undefined : (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim();
}

function warn(message: string): void {
  errors.line(`postseal: warning: ${message}`);
}
