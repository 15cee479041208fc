/** Writes labels and their values, the values in one column. */
import type { Colour, Output } from "../output.ts";

export type Row = readonly [label: string, value: string];

const COLUMN = 12;
/** Below this width a column of values would be too narrow to read. */
const NARROW = 40;

/** `colours`: of labels. `widest`: how long the longest word of a value may be, such as an id that must stay whole. */
export function writeRows(
  to: Output,
  rows: readonly Row[],
  colours: ReadonlyMap<string, Colour> = new Map(),
  widest = 0,
): void {
  const isNarrow = to.width !== undefined && to.width < Math.max(NARROW, COLUMN + widest);
  const [column, indent] = isNarrow ? [0, "  "] : [COLUMN - 1, " ".repeat(COLUMN)];
  for (const [label, value] of rows) {
    const colour = colours.get(label);
    const painted = colour === undefined ? {} : { painted: { word: label, colour } };
    to.line(`${label.padEnd(column)} ${value}`, { indent, ...painted });
  }
}
