/** A report for the terminal: one client as a list of what is wrong, several as a grid. */
import { gridOf } from "./grid.ts";
import { type Paper, paint, wrap } from "./layout.ts";
import { listOf } from "./list.ts";
import type { ClientReport, Report } from "./report.ts";
import { byOutcome, count, circumstancesOf, headlineOf, isProvedFailure, tallyOf } from "./summary.ts";
import { visible } from "./visible-text.ts";

/** Ends with a line end. Colour carries no information that the words do not. */
export function formatTable(report: Report, paper: Paper): string {
  const { columns } = paper;
  const failed = report.clients.some((client) => tallyOf(client).failed > 0);
  const flush = { first: "", rest: "" };
  const lines = [
    ...wrap(visible(headlineOf(report)), columns, flush).map((line) => paint(line, failed ? "bad" : "strong", paper)),
    ...wrap(visible(circumstancesOf(report)), columns, flush),
    "",
    ...(report.clients.length > 1
      ? gridOf(report, paper)
      : report.clients.flatMap((only) => listOf(only, report, paper))),
    ...(report.absent.length === 0
      ? []
      : [
          ...wrap(visible(`Not on this machine: ${report.absent.map(({ name }) => name).join(", ")}.`), columns, flush),
          "",
        ]),
    ...adviceOn(report)
      .flatMap((sentence) => wrap(sentence, columns, flush))
      .map((line) => paint(line, "strong", paper)),
  ];
  return `${lines.join("\n")}\n`;
}

/** The conclusion, and what to do next. A command is on its own line, to be copied. */
function adviceOn({ clients, unfinished = [] }: Report): readonly string[] {
  const [first] = clients.flatMap(failuresOf);
  if (first !== undefined)
    return [
      `${countsOf(clients)}. What an attack does, and what a correct client does about it:`,
      `  postseal lab explain ${visible(first)}`,
    ];
  if (clients.some((client) => tallyOf(client).unproved > 0))
    return [
      "Nothing is proved until the client delivers the lab's message to the honest server: correct its command, and try again.",
    ];
  if (clients.length === 0) return ["Nothing was tried."];
  return [unfinished.length === 0 ? "No failures." : "No failures among the trials that have a result."];
}

/** `8 failures and 1 hang`. */
function countsOf(clients: readonly ClientReport[]): string {
  const tallies = clients.map(tallyOf);
  const counts = [
    [tallies.reduce((sum, { failed }) => sum + failed, 0), "failure"],
    [tallies.reduce((sum, { hung }) => sum + hung, 0), "hang"],
  ] as const;
  return counts.flatMap(([number, noun]) => (number === 0 ? [] : [count(number, noun)])).join(" and ");
}

function failuresOf(client: ClientReport): readonly string[] {
  return byOutcome(client).flatMap(([outcome, runs]) =>
    isProvedFailure(outcome) ? runs.map(({ vector }) => vector) : [],
  );
}
