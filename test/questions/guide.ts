/** Reads the guide's own tables and code, so that the tests check what readers see and not a copy of it. */
import { readFileSync } from "node:fs";

export type Row = ReadonlyMap<string, string>;

export const guide: string = readFileSync("docs/guide/starttls-questions.md", "utf8");

/** The first table below a heading: for each row, the cells by column, without backticks. */
export function tableUnder(heading: string): readonly Row[] {
  const [header = [], , ...rows] = sectionOf(heading).split("\n").filter(isRow).map(cellsOf);
  if (rows.length === 0) throw new TypeError(`there is no table under "${heading}"`);
  return rows.map((cells) => new Map(header.map((name, at) => [name, cells[at] ?? ""])));
}

export function cell(row: Row, column: string): string {
  const text = row.get(column);
  if (text === undefined) throw new TypeError(`the table has no column "${column}"`);
  return text;
}

/** The lines of all code blocks of a language. */
export function codeLines(language: string): readonly string[] {
  const blocks = guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...blocks].flatMap(([, code = ""]) => code.split("\n")).filter((line) => line.trim() !== "");
}

function sectionOf(heading: string): string {
  const [, section] = guide.split(`\n## ${heading}\n`);
  if (section === undefined) throw new TypeError(`there is no heading "${heading}"`);
  return section.split("\n## ")[0] ?? "";
}

function isRow(line: string): boolean {
  return line.startsWith("|");
}

function cellsOf(line: string): readonly string[] {
  const cells = line.split("|").slice(1, -1);
  return cells.map((text) => text.replaceAll("`", "").trim());
}
