/** Runs a subcommand that prints for itself and gives its own exit code: its words, its help, its errors. */
import { type Arguments, parseArguments } from "./arguments.ts";
import { exitCodeOf } from "./exit-code.ts";
import { jsonOf } from "./json.ts";
import type { Page } from "./manual/page.ts";
import type { OptionTable } from "./option.ts";
import { output } from "./output.ts";
import { writeReport } from "./report.ts";

export interface Subcommand {
  readonly options: OptionTable;
  /** How many words may stand alone. */
  readonly words: number;
  readonly page: () => Promise<Page>;
  /** Loaded late: what it needs is most of the time that the command takes to start. */
  readonly run: (given: Arguments) => Promise<number>;
}

export async function runSubcommand(argv: readonly string[], subcommand: Subcommand): Promise<number> {
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      (await import("./manual/help.ts")).writeHelp(await subcommand.page(), output);
      return 0;
    }
    return await subcommand.run(parseArguments(argv, subcommand.options, subcommand.words));
  } catch (error) {
    return fail(error, argv);
  }
}

/** Tells what went wrong, as JSON if that was asked for: of the words themselves, since a usage error leaves no others. */
export function fail(error: unknown, argv: readonly string[]): number {
  const failed = { kind: "failed", error } as const;
  if (argv.includes("--json")) output.json(jsonOf(failed));
  else writeReport(failed);
  return exitCodeOf(failed);
}
