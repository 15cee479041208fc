/** The comparison as a table of Markdown. */
import type { Fate, Row } from "./comparison.ts";

/** Heading and rows, as cells. */
export function tableOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const names = rows[0]?.fates.map(({ program }) => program) ?? [];
  return [
    ["what the program gives", ...names, "why Postseal refuses it"],
    ...rows.map(({ input, fates }) => [input.what, ...fates.map(wordOf), input.why ?? ""]),
  ];
}

/** `bounced`: taken from the caller, and not delivered. */
function wordOf({ code, isDelivered }: Fate): string {
  if (isDelivered) return "delivered";
  return code === 0 ? "bounced" : `refused, ${code}`;
}

export function formatTable(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => escaped(row[column]).length)));
  const [heading = [], ...rows] = cells;
  return [
    line(heading, widths),
    line(
      widths.map((width) => "-".repeat(width)),
      widths,
    ),
    ...rows.map((row) => line(row, widths)),
  ].join("\n");
}

export function readTable(page: string): readonly (readonly string[])[] {
  const rows = page.split("\n").filter((row) => row.startsWith("|") && !row.startsWith("| --"));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll(String.raw`\|`, "|")),
  );
}

function line(row: readonly string[], widths: readonly number[]): string {
  return `|${row.map((cell, column) => ` ${escaped(cell).padEnd(widths[column] ?? 0)} `).join("|")}|`;
}

function escaped(cell = ""): string {
  return cell.replaceAll("|", String.raw`\|`);
}
