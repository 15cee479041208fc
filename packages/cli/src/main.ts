/** The command: finds the subcommand, runs it, prints what came of it, and leaves the exit code to whoever called. */
import path from "node:path";
import { type Arguments, parseArguments } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { exitCodeOf } from "./exit-code.ts";
import { jsonOf } from "./json.ts";
import { nearest } from "./nearest.ts";
import type { Page } from "./manual/page.ts";
import type { OptionTable } from "./option.ts";
import { importOptions, sendOptions, verifyOptions } from "./options.ts";
import { errors, type Output, output } from "./output.ts";
import { writeReport } from "./report.ts";
import type { Result } from "./result.ts";
import { fail, runSubcommand } from "./subcommand.ts";
import { isDamaged } from "./text-fault.ts";

interface Subcommand {
  readonly options: OptionTable;
  readonly page: () => Promise<Page>;
  /** Loaded late: the library and its authorities are most of the time that it takes to start. */
  readonly run: (given: Arguments) => Promise<Result>;
}

const SUBCOMMANDS: Readonly<Record<"send" | "verify", Subcommand>> = {
  send: {
    options: sendOptions,
    page: async () => (await import("./manual/mail.ts")).sendPage,
    run: async (given) => (await import("./send.ts")).send(given),
  },
  verify: {
    options: verifyOptions,
    page: async () => (await import("./manual/mail.ts")).verifyPage,
    run: async (given) => (await import("./verify.ts")).verify(given),
  },
};

process.exitCode = await main(
  asSendmail(process.argv[1] ?? "") ? ["sendmail", ...process.argv.slice(2)] : process.argv.slice(2),
);

/** A link of this name to the command is enough to make it the machine's sendmail. */
function asSendmail(program: string): boolean {
  return path.basename(program) === "sendmail";
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const damaged = argv.findIndex(isDamaged);
  if (damaged !== -1) return fail(damagedWord(damaged + 1), argv);
  switch (name) {
    case undefined:
      await help(errors);
      return exitCodeOf({ kind: "failed", error: new CommandError("CLI_USAGE", "") });
    case "--version":
      output.line((await import("./version.ts")).version());
      return 0;
    case "--help":
    case "-h":
    case "help":
      await help(output);
      return 0;
    case "account":
    case "config":
      return (await import("./account/config.ts")).config(argv);
    case "import":
      return runSubcommand(rest, {
        options: importOptions,
        words: 1,
        page: async () => (await import("./manual/accounts.ts")).importPage,
        run: async (given) => (await import("./import/import.ts")).importFile(given),
      });
    case "sendmail":
      return (await import("./sendmail/sendmail.ts")).sendmail(rest);
    case "completion":
      return (await import("./completion.ts")).completion(rest);
    case "lab":
      return (await import("./lab/lab.ts")).lab(rest);
    default: {
      const result = await run(name, rest);
      if (result === undefined) return 0;
      // Asked of the words themselves: a usage error leaves no parsed arguments, and a program still wants JSON.
      if (rest.includes("--json")) output.json(jsonOf(result));
      else writeReport(result);
      return exitCodeOf(result);
    }
  }
}

/** Before anything else: text that was lost would be sent, and an address with a lost octet is another address. */
function damagedWord(place: number): CommandError {
  return new CommandError(
    "CLI_USAGE",
    `argument ${place} is not valid UTF-8, or holds U+FFFD, which stands for what is not: convert it (iconv -t UTF-8), or give the text as a file or on standard input`,
  );
}

async function help(to: Output): Promise<void> {
  const { programPage } = await import("./manual/program.ts");
  (await import("./manual/help.ts")).writeHelp(programPage, to);
}

/** `undefined` where help was asked for and given. */
async function run(name: string, argv: readonly string[]): Promise<Result | undefined> {
  try {
    const subcommand = subcommandOf(name);
    if (argv.includes("--help") || argv.includes("-h")) {
      (await import("./manual/help.ts")).writeHelp(await subcommand.page(), output);
      return undefined;
    }
    return await subcommand.run(parseArguments(argv, subcommand.options));
  } catch (error) {
    return { kind: "failed", error };
  }
}

function subcommandOf(name: string): Subcommand {
  if (name === "send" || name === "verify") return SUBCOMMANDS[name];
  const names = [...Object.keys(SUBCOMMANDS), "sendmail", "account", "config", "import", "lab", "completion"];
  const close = nearest(name, names);
  const advice = close === undefined ? `there are ${names.join(", ")}` : `did you mean ${close}?`;
  throw new CommandError("CLI_USAGE", `there is no such subcommand; ${advice} (postseal --help)`);
}
