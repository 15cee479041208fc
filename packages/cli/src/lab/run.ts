/** `postseal lab run -- COMMAND`: any client, by the words that start it. */
import { type Placeholder, placeholders, type Transport } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { nearest } from "../nearest.ts";
import { runTrials } from "./trials.ts";
import { type RunOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const run: Subcommand = subcommand({
  options: labOptions.run,
  operand: { label: "-- COMMAND", takes: "command" },
  detail: "play every vector to the client that COMMAND starts",
  run: runCommand,
});

async function runCommand(given: Arguments<RunOption>): Promise<number> {
  const command = given.words;
  if (command.length === 0) {
    throw new CommandError(
      "CLI_USAGE",
      "the client's command is missing: postseal lab run -- COMMAND, where {host}, {port} and so on stand for what it is to be told",
    );
  }
  for (const word of command) checkPlaceholders(word);
  const transports = transportsOf(given.one("transport"));
  const [program = ""] = command;
  return runTrials(given, {
    transports,
    subjects: [
      { id: "command", title: program, configuration: "", command, transports, login: !given.has("without-login") },
    ],
  });
}

/** Braces have other uses; a word that is nearly a placeholder is a mistake. */
function checkPlaceholders(word: string): void {
  for (const [, name = ""] of word.matchAll(/\{([a-z]+)\}/g)) {
    if (placeholders.some((placeholder: Placeholder) => placeholder === name)) continue;
    const close = nearest(name, placeholders);
    if (close !== undefined)
      throw new CommandError("CLI_USAGE", `{${name}} stands for nothing; did you mean {${close}}?`);
  }
}

function transportsOf(word: string = "starttls"): readonly Transport[] {
  if (word === "both") return ["starttls", "implicit"];
  if (word === "starttls" || word === "implicit") return [word];
  throw new CommandError(
    "CLI_USAGE",
    "--transport is starttls, implicit or both (for a command with {scheme} or {port} in it)",
  );
}
