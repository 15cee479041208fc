/** `postseal lab run -- COMMAND`: tries any client, given the command that starts it. */
import { type Placeholder, placeholders, type Transport } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import { runTrials } from "./trials.ts";
import { usage } from "./usage.ts";
import { type RunOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const run: Subcommand = subcommand({
  options: labOptions.run,
  operand: { label: "-- COMMAND", takes: "command" },
  run: runCommand,
});

async function runCommand(given: Arguments<RunOption>): Promise<number> {
  const command = given.words;
  if (command.length === 0) {
    throw new CommandError(
      "CLI_USAGE",
      "the client's command is missing: postseal lab run -- COMMAND; the lab fills in {host}, {port} and the others",
    );
  }
  for (const word of command) checkPlaceholders(word);
  const transports = transportsOf(given.one("transport"));
  const [program = ""] = command;
  const title = nameOf(given.one("name")) ?? program;
  return runTrials(given, {
    transports,
    subjects: [{ id: "command", title, configuration: "", command, transports, login: !given.has("without-login") }],
  });
}

/** Length in UTF-16 code units: a headline and a badge have room for it. */
const LONGEST_NAME = 80;

function nameOf(word: string | undefined): string | undefined {
  if (word === undefined || (word.trim() !== "" && word.length <= LONGEST_NAME)) return word?.trim();
  throw usage(`--name must be a name of at most ${LONGEST_NAME} characters`);
}

/** Braces may have other uses, but a word that is nearly a placeholder is a mistake. */
function checkPlaceholders(word: string): void {
  for (const [, name = ""] of word.matchAll(/\{([a-z]+)\}/g)) {
    if (placeholders.some((placeholder: Placeholder) => placeholder === name)) continue;
    const close = nearest(name, placeholders);
    if (close !== undefined)
      throw new CommandError("CLI_USAGE", `{${name}} is not a placeholder; did you mean {${close}}?`);
  }
}

function transportsOf(word: string = "starttls"): readonly Transport[] {
  if (word === "both") return ["starttls", "implicit"];
  if (word === "starttls" || word === "implicit") return [word];
  throw new CommandError(
    "CLI_USAGE",
    "--transport must be starttls, implicit or both (both needs {scheme} or {port} in the command)",
  );
}
