/** `postseal config`: finds its subcommand. */
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { configCheckOptions } from "../options.ts";
import { fail, runSubcommand } from "../subcommand.ts";

const help = async (): Promise<string> => (await import("./help.ts")).configHelp;

export async function config(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h") {
    process.stdout.write(await help());
    return 0;
  }
  if (name === "check") {
    return runSubcommand(rest, { options: configCheckOptions, words: 1, help, run: runCheck });
  }
  return fail(new CommandError("CLI_USAGE", "config has one subcommand: postseal config check [FILE]"), argv);
}

async function runCheck(given: Arguments): Promise<number> {
  return (await import("./check.ts")).check(given);
}
