/** Where the secret of a new account is: from an option, or asked. */
import path from "node:path";
import type { DraftValue, Unwritten } from "../account/draft.ts";
import type { AddOption } from "../account/options.ts";
import { secretFileOf } from "../account/secret-file.ts";
import { CommandError } from "../command-error.ts";
import { type Questions, untilValid } from "./questions.ts";

export interface LoginAnswer extends Unwritten {
  readonly keys: readonly (readonly [string, DraftValue])[];
}

export const references = [
  "password-command",
  "password-file",
  "password-env",
  "token-command",
  "token-file",
  "token-env",
] as const satisfies readonly AddOption[];

export async function secretOf({ given, dialogue }: Questions, name: string): Promise<LoginAnswer> {
  const option = given.oneOf(...references);
  if (option !== undefined) {
    const value = given.one(option) ?? "";
    if (option.endsWith("-command")) return { keys: [[option, wordsOf(value, option)]] };
    return { keys: [[option, option.endsWith("-file") ? path.resolve(value) : value]] };
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
    return { keys: [["password-command", words]] };
  }
  const secret = await untilValid(
    dialogue,
    () => dialogue.askHidden("Password (nothing is shown)"),
    (typed) => {
      if (typed !== "") return typed;
      throw new CommandError("CLI_USAGE", "there is no password: nothing was typed. Ctrl-C ends this");
    },
  );
  return { keys: [["password-file", secretFileOf(name)]], secret };
}

/** JSON, because separate words could look like options. */
export function wordsOf(text: string, option: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
      return words.map(String);
  } catch {
    // Reported below.
  }
  throw new CommandError("CLI_USAGE", `--${option} must be a JSON list of words: '["pass", "show", "mail"]'`);
}
