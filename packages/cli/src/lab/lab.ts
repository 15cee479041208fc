/** `postseal lab`: finds the subcommand, runs it, and gives the exit code. */
import { LabError } from "@postseal/lab";
import { type Arguments, parseArguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { Interruption } from "../interruption.ts";
import { nearest } from "../nearest.ts";
import { jsonOf } from "../json.ts";
import { writeHelp } from "../manual/help.ts";
import { labPage } from "../manual/lab.ts";
import { errors, output } from "../output.ts";
import { labOptions, type LabSubcommand } from "./options.ts";

/** The arguments before `--`, and the words after it. */
export type LabRun = (given: Arguments, words: readonly string[]) => Promise<number>;

const SUBCOMMANDS: Readonly<Record<LabSubcommand, () => Promise<LabRun>>> = {
  run: async () => (await import("./run.ts")).run,
  matrix: async () => (await import("./matrix.ts")).matrix,
  serve: async () => (await import("./serve.ts")).serve,
  proxy: async () => (await import("./proxy.ts")).proxy,
  list: async () => (await import("./list.ts")).list,
  explain: async () => (await import("./explain.ts")).explain,
};

/** Every client held, or delivered sealed. */
export const HELD = 0;
export const FOUND = 1;
const USAGE = 64;
const SOFTWARE = 70;
const CONFIGURATION = 78;
const INTERRUPTED = 130;

export async function lab(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    writeHelp(labPage, errors);
    return USAGE;
  }
  const at = rest.indexOf("--");
  const before = at === -1 ? rest : rest.slice(0, at);
  if (name === "--help" || name === "-h" || before.includes("--help") || before.includes("-h")) {
    writeHelp(labPage, output);
    return HELD;
  }
  try {
    if (!isSubcommand(name)) throw unknown(name);
    // What to explain is the one word that stands alone.
    const given = parseArguments(before, labOptions[name], name === "explain" ? 1 : 0);
    const words = name === "explain" ? given.words : at === -1 ? [] : rest.slice(at + 1);
    const subcommand = await SUBCOMMANDS[name]();
    return await subcommand(given, words);
  } catch (error) {
    return report(error, before.includes("--json"));
  }
}

function isSubcommand(name: string): name is LabSubcommand {
  return Object.hasOwn(SUBCOMMANDS, name);
}

function unknown(name: string): CommandError {
  const close = nearest(name, Object.keys(SUBCOMMANDS));
  const advice = close === undefined ? `there are ${Object.keys(SUBCOMMANDS).join(", ")}` : `did you mean ${close}?`;
  return new CommandError("CLI_USAGE", `lab has no such subcommand; ${advice} (postseal lab --help)`);
}

function report(error: unknown, asJson: boolean): number {
  if (asJson) {
    const exitCode = exitCodeFor(error);
    output.json(jsonOf({ kind: "failed", error }, exitCode));
    return exitCode;
  }
  if (error instanceof Interruption) {
    errors.line(`postseal lab: ${error.message}; what it had started is ended`);
    return exitCodeFor(error);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError || error instanceof LabError) {
    errors.line(`postseal lab: ${message}`);
    return exitCodeFor(error);
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  errors.page(`postseal lab: unexpected failure: ${stack}\nThis is a mistake in Postseal: please report it.\n`);
  return exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Interruption) return INTERRUPTED;
  if (!(error instanceof CommandError || error instanceof LabError)) return SOFTWARE;
  return error.code === "CLI_USAGE" ? USAGE : CONFIGURATION;
}
