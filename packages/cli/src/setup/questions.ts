/** Finds out what an account needs: from options, or by asking. */
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
  /** `undefined` without a terminal: the options then have to say everything. */
  readonly dialogue: Dialogue | undefined;
  readonly sources: Sources;
}

export async function addressOf({ given, dialogue }: Questions): Promise<string> {
  const address = given.one("address") ?? (await dialogue?.ask("Your address"));
  if (address === undefined) throw missing("address", "the address that the account sends from");
  const domain = /^[^\s<>,@]+@([^\s<>,@]+)$/.exec(address)?.[1] ?? "";
  if (domain.slice(1, -1).includes(".") && textFaultOf(address) === undefined) return address;
  throw new CommandError("CLI_USAGE", "this is not an address: write it like alice@example.com");
}

export async function nameOf({ given, dialogue }: Questions, address: string): Promise<string> {
  const [label = "mail"] = address.slice(address.lastIndexOf("@") + 1).split(".");
  const name = given.one("name") ?? (await dialogue?.ask("A name for the account", label)) ?? label;
  if (/^[A-Za-z0-9_-]{1,40}$/.test(name)) return name;
  throw new CommandError("CLI_USAGE", "the name of an account must be letters, digits, - and _, at most 40 of them");
}

/** The server's URL, with the user if there is a login. */
export async function serverOf(questions: Questions, address: string): Promise<string> {
  const { given } = questions;
  const written = given.one("server");
  if (written !== undefined) {
    if (hasPassword(written)) {
      throw new CommandError(
        "CLI_USAGE",
        "a password in --server shows in the process list and in the shell's history: write the URL without it, and give --password-command or --password-file. Treat that password as known, and change it",
      );
    }
    return withUser(written, given.one("username"));
  }
  const { dialogue } = questions;
  if (dialogue === undefined)
    throw missing(
      "server",
      "submission://USER@HOST or submissions://USER@HOST: a server that is looked up has to be confirmed on a terminal",
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
    dialogue.say("Nothing was found. Look for SMTP or outgoing mail in your provider's help pages.");
    return undefined;
  }
  dialogue.say(`Found ${found.server} in ${found.source}.`);
  if (found.note !== undefined) dialogue.say(`Note: ${found.note}.`);
  if (!found.isOwn) {
    dialogue.say(
      `${found.host} is not part of ${domain}. That is normal with many providers, but an attacker who changed the answer on its way would look the same. ` +
        "Compare it with what your provider says: this server gets your password.",
    );
  }
  return (await dialogue.confirm("Is this your server?")) ? found : undefined;
}

export interface SecretAnswer {
  readonly keys: readonly (readonly [string, DraftValue])[];
  /** What was typed, to be written into a file of its own. */
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
  // The choice comes first: a password typed in place of a program would be visible on the screen.
  if (/^p/i.test(await dialogue.ask("Which one: program, or file", "file"))) {
    const program = await dialogue.ask("The program and its arguments, such as pass show mail");
    const words = /^[\w@%+=:,./ -]+$/.test(program) ? program.split(/ +/) : ["/bin/sh", "-c", program];
    return { keys: [["password-command", words]], secret: undefined };
  }
  const secret = await dialogue.askHidden("Password (nothing is shown)");
  if (secret === "") throw new CommandError("CLI_USAGE", "there is no password: nothing was written");
  return { keys: [["password-file", secretFileOf(name)]], secret };
}

/** JSON, because separate words could look like options. */
function wordsOf(text: string, option: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
      return words.map(String);
  } catch {
    // Reported below.
  }
  throw new CommandError("CLI_USAGE", `--${option} must be a JSON list of words: '["pass", "show", "mail"]'`);
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
