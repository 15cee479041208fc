/** Writes the exit codes of a page into a guide, as a table between two markers. */
import type { Page, Row } from "./page.ts";

const [BEGIN, END] = ["<!-- exits of ", "<!-- /exits -->"];
/** The call of a subcommand, as its page has it. */
const CALL = /^<!-- exits of ([a-z ]+): npm run docs:exits -->$/;

/** Throws if a marker names no page with exit codes. */
export function withExitTables(guide: string, pages: readonly Page[]): string {
  const written: string[] = [];
  let isInside = false;
  for (const line of guide.split("\n")) {
    isInside &&= line !== END;
    if (isInside) continue;
    written.push(line);
    if (!line.startsWith(BEGIN)) continue;
    isInside = true;
    written.push("", ...table([["exit", "meaning"], ...exitsOf(line, pages)]), "");
  }
  return written.join("\n");
}

function exitsOf(marker: string, pages: readonly Page[]): readonly Row[] {
  const call = CALL.exec(marker)?.[1] ?? "";
  const page = pages.find((one) => one.call === call);
  const section = page?.sections.find(({ heading = "" }) => heading.startsWith("Exit codes"));
  if (section?.rows === undefined) throw new TypeError(`there are no exit codes of ${call}`);
  return section.rows;
}

/** Padded as oxfmt pads tables. */
function table(rows: readonly Row[]): readonly string[] {
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const line = ([exit, meaning]: Row): string => `| ${exit.padEnd(width(0))} | ${meaning.padEnd(width(1))} |`;
  const [head = ["", ""], ...body] = rows;
  return [line(head), line(["-".repeat(width(0)), "-".repeat(width(1))]), ...body.map(line)];
}
