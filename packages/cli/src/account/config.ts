/** `postseal config` and `postseal account`: each has one subcommand. */
import { CommandError } from "../command-error.ts";
import { accountAddOptions, configCheckOptions } from "../options.ts";
import { fail, runSubcommand, type Subcommand } from "../subcommand.ts";

const SUBCOMMANDS: Readonly<Record<"config check" | "account add", Subcommand>> = {
  "config check": {
    options: configCheckOptions,
    words: 1,
    page: async () => (await import("../manual/accounts.ts")).configPage,
    run: async (given) => (await import("./check.ts")).check(given),
  },
  "account add": {
    options: accountAddOptions,
    words: 0,
    page: async () => (await import("../manual/accounts.ts")).accountPage,
    run: async (given) => (await import("../setup/add.ts")).addAccount(given),
  },
};

/** `argv`: `config check …` or `account add …`. Returns the exit code. */
export async function config(argv: readonly string[]): Promise<number> {
  const [name, verb, ...rest] = argv;
  const full = name === "config" ? "config check" : "account add";
  if (verb === "--help" || verb === "-h") return runSubcommand([verb], SUBCOMMANDS[full]);
  if (`${name} ${verb}` === full) return runSubcommand(rest, SUBCOMMANDS[full]);
  return fail(new CommandError("CLI_USAGE", `${name} has one subcommand: postseal ${full}`), argv);
}
