/** What `run` and `matrix` share: the options of a run, its progress on the terminal, and its report. */
import { writeFile } from "node:fs/promises";
import {
  type Demand,
  formatBadge,
  formatHtml,
  formatJson,
  formatJunit,
  formatMarkdown,
  formatTable,
  type Report,
  runLab,
  selectVectors,
  type Subject,
  type Transport,
} from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { conclusionOf } from "./conclusion.ts";
import { patternOf } from "./pattern.ts";
import { usage } from "./usage.ts";
import { interruptible } from "../interruption.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { fail } from "./failure.ts";
import { formats, type TrialOption } from "./options.ts";
import { paperOf } from "./paper.ts";
import { systemCode } from "../system-code.ts";

type Format = (typeof formats)[number];
const SECOND = 1_000;

export interface Trials {
  readonly subjects: readonly Subject[];
  readonly transports: readonly Transport[];
  readonly absent?: Report["absent"];
}

/** Runs them, writes the report, and returns the exit code. Throws `CommandError`, `LabError` and `Interruption`. */
export async function runTrials(
  given: Arguments<TrialOption>,
  { subjects, transports, absent = [] }: Trials,
): Promise<number> {
  const format = given.oneOf("format", "json") === "json" ? "json" : formatOf(given.one("format"));
  const vectors = selectVectors({ pattern: patternOf(given.one("vector")), transports, demands: demandsOf(given) });
  if (vectors.length === 0) throw usage("--vector matches no vector: postseal lab list shows them all");
  const jobs = countOf(given, "jobs") ?? 2;
  const timeoutMs = (countOf(given, "timeout") ?? 10) * SECOND;

  const { signal, release } = interruptible();
  try {
    const report: Report = {
      ...(await runLab({
        subjects,
        vectors,
        jobs,
        timeoutMs,
        environment: process.env,
        isolation: given.has("loopback") ? "loopback" : "auto",
        signal,
        onRun: (subject, run, done, all) =>
          errors.status(
            `${done} of ${all}  ${[subject.title, subject.configuration, run.vector, run.outcome].filter(Boolean).join("  ")}`,
          ),
      })),
      absent,
    };
    errors.clearStatus();
    await write(report, format, given.one("out"));
    // The report is the one JSON object that goes to standard output.
    if (report.unfinished !== undefined && signal.aborted) return fail(signal.reason, false);
    return exits[conclusionOf(report)].code;
  } finally {
    errors.clearStatus();
    release();
  }
}

/** If the report goes to a file, in any format, the terminal gets the table: also if the file cannot be written. */
async function write(report: Report, format: Format, file: string | undefined): Promise<void> {
  const style = paperOf(output);
  if (file === undefined) {
    if (format === "json") output.jsonText(render(report, format));
    else output.page(format === "table" ? formatTable(report, style) : render(report, format));
    return;
  }
  const plain = { columns: 100, colour: false };
  // First, since the trials took long, and the disk may be full.
  output.page(`${formatTable(report, style)}\n`);
  try {
    await writeFile(file, format === "table" ? formatTable(report, plain) : render(report, format));
  } catch (error) {
    throw new CommandError("CLI_WRITE", `--out: ${file} cannot be written${systemCode(error)}`, error);
  }
  output.line(`The ${format} report is in ${file}`, { isWrapped: false });
}

function render(report: Report, format: Exclude<Format, "table">): string {
  switch (format) {
    case "json":
      return formatJson(report);
    case "junit":
      return formatJunit(report);
    case "badge":
      return formatBadge(report);
    case "markdown":
      return formatMarkdown(report);
    case "html":
      break;
  }
  return formatHtml(report);
}

function formatOf(word: string | undefined): Format {
  const found = formats.find((format) => format === (word ?? "table"));
  if (found === undefined) throw usage(`--format must be one of ${formats.join(", ")}`);
  return found;
}

function demandsOf(given: Arguments<TrialOption>): readonly Demand[] {
  return [
    ...(given.has("strict") ? (["current-practice"] as const) : []),
    ...(given.has("post-quantum") ? (["post-quantum"] as const) : []),
  ];
}

function countOf(given: Arguments<TrialOption>, name: "jobs" | "timeout"): number | undefined {
  const word = given.one(name);
  if (word === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(word)) throw usage(`--${name} must be a whole number, from 1 to 9999`);
  return Number(word);
}
