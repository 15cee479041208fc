/** One client for the terminal: each failure with its evidence, then a short summary of everything else. */
import { byNumber, familyOf } from "./family.ts";
import { type Ink, type Paper, paint, wrap } from "./layout.ts";
import { terms } from "./outcome-terms.ts";
import type { ClientReport, Outcome, Report, Run } from "./report.ts";
import { byOutcome, changeOf, evidenceOf, isProvedFailure } from "./summary.ts";
import { visible, visibleLines } from "./visible-text.ts";

/** Each section ends with an empty line. */
export function listOf(client: ClientReport, { vectors }: Report, paper: Paper): readonly string[] {
  const titles = new Map(vectors.map(({ id, title }) => [id, title]));
  return byOutcome(client).flatMap(([outcome, runs]) => [
    ...headingOf(outcome, runs, paper),
    ...changeFor(outcome, client, paper),
    ...(isListed(outcome) ? entriesOf(runs, titles, paper) : familiesOf(runs, paper)),
    ...(outcome === "control-failed" ? printedBy(runs, paper) : []),
    "",
  ]);
}

function isListed(outcome: Outcome): boolean {
  return isProvedFailure(outcome) || outcome === "over-strict";
}

export function inkOf(outcome: Outcome): Ink {
  if (isProvedFailure(outcome)) return "bad";
  return outcome === "over-strict" || outcome === "control-failed" ? "doubtful" : "good";
}

function headingOf(outcome: Outcome, runs: readonly Run[], paper: Paper): readonly string[] {
  const label = `${outcome} (${runs.length})`;
  const [first = "", ...rest] = wrap(`${label}: ${terms[outcome].meaning}`, paper.columns, { first: "", rest: "  " });
  return [paint(label, inkOf(outcome), paper) + first.slice(label.length), ...rest];
}

function changeFor(outcome: Outcome, client: ClientReport, paper: Paper): readonly string[] {
  const change = changeOf(outcome, client);
  if (change === undefined) return [];
  return wrap(visible(`What to change: ${change}.`), paper.columns, { first: "  ", rest: "    " });
}

function entriesOf(runs: readonly Run[], titles: ReadonlyMap<string, string>, paper: Paper): readonly string[] {
  const widest = Math.min(24, Math.max(...runs.map(({ vector }) => vector.length)));
  const rest = " ".repeat(widest + 4);
  const sorted = runs.toSorted((one, other) => byNumber(one.vector, other.vector));
  return sorted.flatMap((run) => {
    const id = visible(run.vector).padEnd(widest);
    const [first = "", ...more] = wrap(visible(titles.get(run.vector) ?? ""), paper.columns, {
      first: `  ${id}  `,
      rest,
    });
    const evidence = wrap(visible(evidenceOf(run)), paper.columns, { first: rest, rest });
    return [
      `  ${paint(id, "strong", paper)}${first.slice(2 + id.length)}`,
      ...more,
      ...evidence.map((line) => paint(line, "quiet", paper)),
    ];
  });
}

/** How many runs of each family: `A1 3, A2 8`. */
function familiesOf(runs: readonly Run[], { columns }: Paper): readonly string[] {
  const families = runs.map(({ vector }) => familyOf(vector));
  const text = [...new Set(families)]
    .toSorted(byNumber)
    // A line must not break between a family and its number.
    .map((family) => `${visible(family)}\u00a0${families.filter((name) => name === family).length}`)
    .join(", ");
  return wrap(text, columns, { first: "  ", rest: "  " }).map((line) => line.replaceAll("\u00a0", " "));
}

const LINES = 12;

/** The client's own output, which may say why not even the honest server got a message. */
function printedBy(runs: readonly Run[], paper: Paper): readonly string[] {
  const [control] = runs;
  if (control === undefined) return [];
  const printed = visibleLines(control.client.output).trimEnd().split("\n").slice(-LINES);
  const ending = `${control.vector}: ${evidenceOf(control)}. The client printed${printed.join("") === "" ? " nothing." : ":"}`;
  return [
    ...wrap(visible(ending), paper.columns, { first: "  ", rest: "  " }),
    ...printed
      .filter((line) => line !== "")
      .flatMap((line) => wrap(line, paper.columns, { first: "  | ", rest: "  | " }))
      .map((line) => paint(line, "quiet", paper)),
  ];
}
