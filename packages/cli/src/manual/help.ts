/** Formats a page for --help: examples first, no wider than the terminal or 80 columns. */
import type { OptionTable } from "../option.ts";
import type { Output } from "../output.ts";
import { wrap } from "../terminal.ts";
import type { Page, Row, Section } from "./page.ts";

const WIDEST = 80;
/** Narrower than this nothing can be read; a terminal that says less does not know. */
const NARROWEST = 20;
/** The column where meanings begin, at most. */
const COLUMN = 24;
/** If fewer columns are left for the meanings, they stand below their terms instead of beside them. */
const LEAST = 24;
const BELOW = 4;

/** `columns`: the width of the terminal, if there is one. */
export function formatHelp({ call, what, examples, sections }: Page, columns: number = WIDEST): string {
  const width = Math.max(NARROWEST, Math.min(columns || WIDEST, WIDEST));
  const blocks = [
    wrap(`${call}: ${what}`, width, "  "),
    ...(examples.length === 0 ? [] : [examples.map((line) => `  ${line}`).join("\n")]),
    ...sections.map((section) => formatSection(section, width)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

export function writeHelp(page: Page, to: Output): void {
  to.page(formatHelp(page, to.columns));
}

function formatSection(
  { heading, paragraphs = [], sample = [], options = {}, rows = [] }: Section,
  width: number,
): string {
  const table = [formatRows(optionRows(options), width, COLUMN), formatRows(rows, width, columnOf(rows))]
    .filter((part) => part !== "")
    .join("\n");
  const text = paragraphs.map((paragraph) => wrap(paragraph, width, ""));
  return [
    ...(heading === undefined ? [] : [wrap(`${heading}:`, width, "  ")]),
    ...(text.length === 0 ? [] : [text.join("\n\n")]),
    ...(sample.length === 0 ? [] : [sample.map((line) => (line === "" ? "" : `  ${line}`)).join("\n")]),
    ...(table === "" ? [] : [table]),
  ].join(sample.length === 0 ? "\n" : "\n\n");
}

/** `["--attach FILE", "a file to attach"]`. */
export function optionRows(options: OptionTable): readonly Row[] {
  return Object.entries(options).map(([name, { value, what }]) => [
    `--${name}${value === undefined ? "" : ` ${value}`}`,
    what,
  ]);
}

function columnOf(rows: readonly Row[]): number {
  return Math.min(COLUMN, Math.max(0, ...rows.map(([term]) => term.length)) + 4);
}

function formatRows(rows: readonly Row[], width: number, widest: number): string {
  const column = width - widest < LEAST ? BELOW : widest;
  return rows
    .map(([term, what]) => {
      const indent = " ".repeat(column);
      const text = wrap(what, width - column, "").replaceAll("\n", `\n${indent}`);
      // A long term gets a line of its own.
      const head = `  ${wrap(term, width - 2, "      ")}`;
      return (term.length + 4 > column ? `${head}\n${indent}` : head.padEnd(column)) + text;
    })
    .join("\n");
}
