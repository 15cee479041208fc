/** Several clients for the terminal: a grid of clients and families of vectors, then the failures of each client. */
import { type Family, type Group, byNumber, groupsOf } from "./family.ts";
import { type Paper, paint, wrap } from "./layout.ts";
import { inkOf } from "./list.ts";
import { terms, worstOf } from "./outcome-terms.ts";
import { type ClientReport, type Report, outcomes } from "./report.ts";
import { byOutcome, isProvedFailure, nameOf, reasonOf, tallyOf } from "./summary.ts";
import { visible } from "./visible-text.ts";

/** Each section ends with an empty line. */
export function gridOf(report: Report, paper: Paper): readonly string[] {
  const groups = groupsOf(report.vectors);
  const names = namesOf(report.clients);
  const longest = Math.max(...names.map(({ name }) => name.length));
  const label = Math.max(16, Math.min(longest, paper.columns - widthOf(groups) - 1, 40));
  return [
    ...stacks(groups, paper.columns - label - 1).flatMap((stack) => [
      ...headOf(stack, label),
      ...names.flatMap((row) => rowOf(row, stack, label, paper)),
      "",
    ]),
    ...legendOf(report, groups, paper),
    "",
    ...report.clients.flatMap((client) => accountOf(client, paper)),
  ];
}

/** A column is as wide as its number. One space separates columns, two separate groups. */
function widthOf(groups: readonly Group[]): number {
  return groups
    .flatMap(({ families }) => [1, ...families.map((family) => 1 + numberOf(family).length)])
    .reduce((sum, width) => sum + width, 0);
}

/** `10` for A10. A family without a number has a dash. */
function numberOf({ name }: Family): string {
  return visible(name.slice(1)) || "-";
}

/** The groups for each grid: those that fit side by side; the others go into the next grid below. */
function stacks(groups: readonly Group[], room: number): readonly (readonly Group[])[] {
  const [first, ...rest] = groups;
  if (first === undefined) return [];
  let stack: readonly Group[] = [first];
  for (const group of rest) {
    if (widthOf([...stack, group]) > room) return [stack, ...stacks(groups.slice(stack.length), room)];
    stack = [...stack, group];
  }
  return [stack];
}

function headOf(groups: readonly Group[], label: number): readonly string[] {
  const margin = " ".repeat(label);
  const letters = groups.map((group) => `  ${visible(group.letter)}`.padEnd(widthOf([group])));
  const numbers = groups.map(({ families }) => ` ${families.map((family) => ` ${numberOf(family)}`).join("")}`);
  return [(margin + letters.join("")).trimEnd(), margin + numbers.join("")];
}

interface NamedRow {
  readonly name: string;
  readonly client: ClientReport;
  /** A line above the row: the client whose configurations follow. */
  readonly heading: string | undefined;
}

/** A client's title is written once, above its configurations. */
function namesOf(clients: readonly ClientReport[]): readonly NamedRow[] {
  return clients.map((client, at) => {
    const { title, configuration } = client;
    const isFirst = clients[at - 1]?.title !== title;
    if (isFirst && clients[at + 1]?.title !== title)
      return { name: visible(nameOf(client)), client, heading: undefined };
    return {
      name: `  ${visible(configuration === "" ? "(none)" : configuration)}`,
      client,
      heading: isFirst ? visible(title) : undefined,
    };
  });
}

function rowOf(row: NamedRow, groups: readonly Group[], label: number, paper: Paper): readonly string[] {
  const outcomeOf = new Map(row.client.runs.map(({ vector, outcome }) => [vector, outcome]));
  const markOf = (family: Family): string => {
    const worst = worstOf(family.vectors.flatMap(({ id }) => outcomeOf.get(id) ?? []));
    const room = 1 + numberOf(family).length;
    if (worst === undefined) return " ".repeat(room);
    return " ".repeat(room - 1) + paint(terms[worst].mark, inkOf(worst), paper);
  };
  const marks = groups.map(({ families }) => ` ${families.map(markOf).join("")}`).join("");
  const { name, heading } = row;
  return [
    ...(heading === undefined ? [] : [heading]),
    // A name that is too long gets a line of its own: if it were cut, it might look like another.
    ...(name.length > label ? [name, " ".repeat(label) + marks] : [name.padEnd(label) + marks]),
  ];
}

function legendOf({ clients }: Report, groups: readonly Group[], paper: Paper): readonly string[] {
  const seen = new Set(clients.flatMap(({ runs }) => runs.map(({ outcome }) => outcome)));
  const entries = outcomes
    .filter((outcome) => seen.has(outcome))
    .map((outcome) => [`${terms[outcome].mark}  ${outcome}: ${terms[outcome].meaning}`, outcome] as const);
  const indents = { first: "  ", rest: "     " };
  const titles = groups.map(({ letter, title }) => visible(title === "" ? letter : `${letter} ${title}`)).join("; ");
  return [
    ...wrap("A mark is the worst outcome of its family. Capitals are failures. A blank was not tried.", paper.columns, {
      first: "",
      rest: "  ",
    }),
    ...entries.flatMap(([text, outcome]) => {
      const [first = "", ...rest] = wrap(text, paper.columns, indents);
      return [`  ${paint(terms[outcome].mark, inkOf(outcome), paper)}${first.slice(3)}`, ...rest];
    }),
    ...wrap(`Families: ${titles}.`, paper.columns, { first: "", rest: "  " }),
  ];
}

/** A client's failures and over-strict refusals; empty if it has neither. */
function accountOf(client: ClientReport, paper: Paper): readonly string[] {
  const { runs, failed, hung, unproved } = tallyOf(client);
  const listed = byOutcome(client).filter(([outcome]) => isProvedFailure(outcome) || outcome === "over-strict");
  if (listed.length === 0 && unproved === 0) return [];
  const void_ = unproved > 0 ? `, ${unproved} void: ${reasonOf(client)}` : "";
  const hung_ = hung > 0 ? `, ${hung} hung` : "";
  const heading = wrap(`${visible(nameOf(client))}: ${failed} of ${runs} failed${hung_}${void_}`, paper.columns, {
    first: "",
    rest: "  ",
  });
  return [
    ...heading.map((line) => paint(line, "strong", paper)),
    ...listed.flatMap(([outcome, having]) => {
      const ids = having
        .map(({ vector }) => visible(vector))
        .toSorted(byNumber)
        .join(" ");
      const [first = "", ...rest] = wrap(`${outcome}: ${ids}`, paper.columns, { first: "  ", rest: "    " });
      return [`  ${paint(outcome, inkOf(outcome), paper)}${first.slice(2 + outcome.length)}`, ...rest];
    }),
    ...changesOf(client, paper),
    "",
  ];
}

/** Each change once, since several outcomes may need the same. */
function changesOf({ advice = [] }: ClientReport, paper: Paper): readonly string[] {
  const changes = [...new Set(advice.map(({ change }) => change))];
  return changes.flatMap((change) =>
    wrap(visible(`What to change: ${change}.`), paper.columns, { first: "  ", rest: "    " }),
  );
}
