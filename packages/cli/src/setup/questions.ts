/** What has to be known of an account: from options, or by asking. */
import path from "node:path";
import type { DraftValue } from "../account/draft.ts";
import { secretFileOf } from "../account/secret-file.ts";
import type { AddOption } from "../account/options.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { urlFaultOf } from "../server-url.ts";
import { hasPassword } from "../url-password.ts";
import { textFaultOf } from "../text-fault.ts";
import type { Dialogue } from "./dialogue.ts";
import { discover, type Found, type Sources } from "./discovery.ts";

export interface Questions {
  readonly given: Arguments<AddOption>;
  /** `undefined` without a terminal: then the options have to say everything. */
  readonly dialogue: Dialogue | undefined;
  readonly sources: Sources;
}

export async function addressOf({ given, dialogue }: Questions): Promise<string> {
  const address = given.one("address") ?? (await dialogue?.ask("Your address"));
  if (address === undefined) throw missing("address", "the address that the account sends from");
  const domain = /^[^\s<>,@]+@([^\s<>,@]+)$/.exec(address)?.[1] ?? "";
  if (domain.slice(1, -1).includes(".") && textFaultOf(address) === undefined) return address;
  throw new CommandError("CLI_USAGE", "this is no address: write alice@example.com");
}

export async function nameOf({ given, dialogue }: Questions, address: string): Promise<string> {
  const [label = "mail"] = address.slice(address.lastIndexOf("@") + 1).split(".");
  const name = given.one("name") ?? (await dialogue?.ask("A name for the account", label)) ?? label;
  if (/^[A-Za-z0-9_-]{1,40}$/.test(name)) return name;
  throw new CommandError("CLI_USAGE", "the name of an account is letters, digits, - and _");
}

/** The server's URL with its user, if there is to be a login. */
export async function serverOf(questions: Questions, address: string): Promise<string> {
  const { given } = questions;
  const written = given.one("server");
  if (written !== undefined) {
    if (hasPassword(written)) {
      throw new CommandError(
        "CLI_USAGE",
        "a password in --server shows in the process list and in the shell's history: write the URL without it, and say where it is. Take that password for known, and change it",
      );
    }
    return withUser(written, given.one("username"));
  }
  const { dialogue } = questions;
  if (dialogue === undefined)
    throw missing(
      "server",
      "submission://USER@HOST or submissions://USER@HOST: what is found by itself has to be confirmed by somebody",
    );
  const found = await foundServer(questions, address, dialogue);
  const server =
    found?.server ??
    (await dialogue.ask("Server (submission://HOST for STARTTLS, submissions://HOST for TLS from the start)"));
  if (hasPassword(server))
    throw new CommandError(
      "CLI_USAGE",
      "there is a password in the URL, and now on the screen: change it, and write the URL without it",
    );
  const user =
    given.one("username") ??
    (await dialogue.ask('User name ("-" for a relay without a login)', found?.username ?? address));
  return withUser(server, user === "-" ? undefined : user);
}

async function foundServer({ sources }: Questions, address: string, dialogue: Dialogue): Promise<Found | undefined> {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  dialogue.say(`Looking for the server of ${domain} …`);
  const found = await discover(address, sources);
  if (found === undefined) {
    dialogue.say("Nothing was found. Your provider's pages of help have it, under SMTP or outgoing mail.");
    return undefined;
  }
  dialogue.say(`Found ${found.server}, by ${found.source}.`);
  if (found.note !== undefined) dialogue.say(`Note: ${found.note}.`);
  if (!found.isOwn) {
    dialogue.say(
      `${found.host} is not part of ${domain}. That is so with many providers; it would also be so if somebody had changed the answer on its way. ` +
        "Compare it with what your provider says: this server gets your password.",
    );
  }
  return (await dialogue.confirm("Is this your server?")) ? found : undefined;
}

export interface SecretAnswer {
  readonly keys: readonly (readonly [string, DraftValue])[];
  /** Typed, for a file of its own. */
  readonly secret: string | undefined;
}

const REFERENCES = [
  "password-command",
  "password-file",
  "password-env",
  "token-command",
  "token-file",
  "token-env",
] as const satisfies readonly AddOption[];

export async function secretOf({ given, dialogue }: Questions, name: string): Promise<SecretAnswer> {
  const option = given.oneOf(...REFERENCES);
  if (option !== undefined) {
    const value = given.one(option) ?? "";
    if (option.endsWith("-command")) return { keys: [[option, wordsOf(value, option)]], secret: undefined };
    return { keys: [[option, option.endsWith("-file") ? path.resolve(value) : value]], secret: undefined };
  }
  if (dialogue === undefined) {
    throw new CommandError(
      "CLI_USAGE",
      'there is a user, but no password: give --password-command \'["pass", "show", "mail"]\', --password-file FILE or --password-env NAME (or --token-…)',
    );
  }
  dialogue.say(
    "The password is never written into the configuration. Either a program prints it (pass, gpg, a keyring), or it goes into a file of its own, which only you can read.",
  );
  // A choice first: a password that is typed where a program was asked for would be on the screen.
  if (/^p/i.test(await dialogue.ask("Which one: program, or file", "file"))) {
    const program = await dialogue.ask("The program and its words, such as pass show mail");
    const words = /^[\w@%+=:,./ -]+$/.test(program) ? program.split(/ +/) : ["/bin/sh", "-c", program];
    return { keys: [["password-command", words]], secret: undefined };
  }
  const secret = await dialogue.askHidden("Password (nothing is shown)");
  if (secret === "") throw new CommandError("CLI_USAGE", "there is no password: nothing was written");
  return { keys: [["password-file", secretFileOf(name)]], secret };
}

/** As JSON: words that a shell has taken apart already could not be told from options. */
function wordsOf(text: string, option: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
      return words.map(String);
  } catch {
    // Told below.
  }
  throw new CommandError("CLI_USAGE", `--${option} is a list of words: '["pass", "show", "mail"]'`);
}

function withUser(server: string, user: string | undefined): string {
  const fault = urlFaultOf(server) ?? textFaultOf(user ?? "");
  if (fault !== undefined) {
    throw new CommandError("CLI_USAGE", `the server's URL or the username holds ${fault}. No connection was made`);
  }
  if (user === undefined || !URL.canParse(server)) return server;
  const url = new URL(server);
  if (url.username !== "") {
    throw new CommandError("CLI_USAGE", "the server's URL names the user already: leave --username out");
  }
  url.username = encodeURIComponent(user);
  return url.href;
}

function missing(option: AddOption, what: string): CommandError {
  return new CommandError("CLI_USAGE", `there is no terminal to ask on: give --${option} (${what})`);
}
