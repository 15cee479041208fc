/** A summary for a repository's page or a build server's: what was tried, what failed, and what to change. */
import { byNumber } from "./family.ts";
import { terms } from "./outcome-terms.ts";
import { type ClientReport, type Report, isFailure } from "./report.ts";
import { byOutcome, circumstancesOf, evidenceOf, headlineOf, nameOf, tallyOf } from "./summary.ts";
import { visible } from "./visible-text.ts";

/** GitHub's Markdown: a headline, the circumstances, and tables. */
export function formatMarkdown(report: Report): string {
  const { clients } = report;
  const date = report.startedAt.slice(0, 10);
  const blocks = [
    [`## ${inert(headlineOf(report))}`],
    [`Tried with the Postseal lab on ${inert(date)}. ${inert(circumstancesOf(report))}`],
    clients.length > 1 ? overview(clients) : clients.flatMap(outcomesOf),
    ...clients.flatMap((client) => failuresOf(client, clients.length > 1)),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function overview(clients: readonly ClientReport[]): readonly string[] {
  const rows = clients.map((client) => {
    const { runs, failed, hung, unproved } = tallyOf(client);
    return [nameOf(client), String(runs), String(failed), String(hung), unproved > 0 ? "yes" : ""];
  });
  return table(["client", "vectors", "failed", "hung", "nothing proved"], rows);
}

function outcomesOf(client: ClientReport): readonly string[] {
  const rows = byOutcome(client).map(([outcome, runs]) => [outcome, String(runs.length), terms[outcome].meaning]);
  return table(["outcome", "vectors", "what was seen"], rows);
}

/** The failures, and what to change; no block if there are none. */
function failuresOf(client: ClientReport, isNamed: boolean): readonly (readonly string[])[] {
  const { advice = [] } = client;
  const rows = byOutcome(client)
    .filter(([outcome]) => isFailure(outcome))
    .flatMap(([, runs]) => runs.toSorted((one, other) => byNumber(one.vector, other.vector)))
    .map((run) => [run.vector, run.outcome, evidenceOf(run)]);
  if (rows.length === 0) return [];
  return [
    ...(isNamed ? [[`### ${inert(nameOf(client))}`]] : []),
    table(["vector", "outcome", "evidence"], rows),
    ...(advice.length === 0
      ? []
      : [
          table(
            ["outcome", "what to change"],
            advice.map(({ outcome, change }) => [outcome, change]),
          ),
        ]),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [line(head), line(head.map(() => "---")), ...rows.map((cells) => line(cells.map(inert)))];
}

/** What Markdown or GitHub would obey: markup, HTML, links, emoji names, and names of users, who would be notified. */
const OBEYED = /[\\`*_[\]<>&|~#$!@]|:(?=\S)|(?<=www)\./gi;

/** Text that stays text, on one line (CommonMark section 2.4). */
function inert(text: string): string {
  const shown = visible(text);
  // defence: markdown-holds-no-markup
  return shown.replace(OBEYED, (character) => (character === "@" ? "@<!-- -->" : `\\${character}`));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
