/** Every subcommand with its options, for the shells and for the manual page. */
import type { Completion, OptionTable } from "../option.ts";
import { accountAddOptions, configCheckOptions, importOptions, sendOptions, verifyOptions } from "../options.ts";
import { type LabSubcommand, labOptions } from "../lab/options.ts";
import { accountPage, configPage, importPage } from "./accounts.ts";
import { labPage } from "./lab.ts";
import { sendPage, verifyPage } from "./mail.ts";
import type { Page } from "./page.ts";
import { completionPage, programPage } from "./program.ts";
import { sendmailPage } from "./sendmail.ts";

export interface Command {
  /** `["lab", "run"]`. */
  readonly words: readonly string[];
  readonly what: string;
  readonly options: OptionTable;
  /** What may stand alone. */
  readonly operand?: Completion;
}

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** In the order of the manual page. */
export const pages: readonly Page[] = [
  programPage,
  sendPage,
  verifyPage,
  sendmailPage,
  accountPage,
  configPage,
  importPage,
  labPage,
  completionPage,
];

/** `sendmail` has letters, which no person types twice. */
export const commands: readonly Command[] = [
  { words: ["send"], what: sendPage.what, options: sendOptions },
  { words: ["verify"], what: verifyPage.what, options: verifyOptions },
  { words: ["sendmail"], what: sendmailPage.what, options: {} },
  { words: ["account", "add"], what: accountPage.what, options: accountAddOptions },
  { words: ["config", "check"], what: configPage.what, options: configCheckOptions, operand: "file" },
  { words: ["import"], what: importPage.what, options: importOptions, operand: "file" },
  ...labCommands(),
  { words: ["completion"], what: completionPage.what, options: {}, operand: SHELLS },
];

function labCommands(): readonly Command[] {
  const whats: Readonly<Record<LabSubcommand, string>> = {
    run: "play every vector to the client that a command starts",
    matrix: "the same for each client of the catalogue",
    serve: "be the impostor of one vector",
    proxy: "stand between a client and its server",
    list: "every vector",
    explain: "what a vector does, and what a correct client does",
  };
  const names: readonly LabSubcommand[] = ["run", "matrix", "serve", "proxy", "list", "explain"];
  return names.map((name) => ({
    words: ["lab", name],
    what: whats[name],
    options: labOptions[name],
    ...(name === "explain" ? { operand: "vector" as const } : {}),
  }));
}

/** `account` and `lab` have subcommands; what each group is for, as the program's page says it. */
export function groups(): ReadonlyMap<string, readonly Command[]> {
  const found = new Map<string, Command[]>();
  for (const command of commands) {
    const [group = "", second] = command.words;
    if (second !== undefined) found.set(group, [...(found.get(group) ?? []), command]);
  }
  return found;
}

/** The first words, with what they are for. */
export function firstWords(): readonly (readonly [word: string, what: string])[] {
  return (programPage.sections[0]?.rows ?? []).filter(([word]) => !word.startsWith("-"));
}
