/** Folds header lines at white space, so that the unfolded field is as it was (RFC 5322 section 2.2.3). */
import type { Field } from "../source.ts";

/** RFC 5322 section 2.1.1: what a line has to stay under, and what it should. */
export const LONGEST_LINE = 998;
const USUAL = 78;

/** The value with each line over `longest` octets folded. A line without white space in it stays. */
export function folded({ name, value }: Field, longest: number): string {
  const lines = value.split("\r\n");
  return lines.map((line, index) => foldedLine(line, index === 0 ? name.length + 1 : 0, longest)).join("\r\n");
}

/** Whether a line of the field is too long. */
export function isTooLong({ name, value }: Field): boolean {
  return value.split("\r\n").some((line, index) => (index === 0 ? name.length + 1 : 0) + line.length > LONGEST_LINE);
}

/** `column`: how many octets stand before it in its line. */
function foldedLine(line: string, column: number, longest: number): string {
  if (column + line.length <= longest) return line;
  let text = "";
  let width = column;
  for (const piece of piecesOf(line)) {
    const isFirst = text === "";
    // A line of white space alone, as after a long word, would end the header for some programs.
    const breaks = isFirst ? column > 0 && width + piece.length > LONGEST_LINE : width + piece.length > USUAL;
    if (breaks && /^[ \t]/.test(piece)) {
      text += "\r\n";
      width = 0;
    }
    text += piece;
    width += piece.length;
  }
  return text;
}

/** Each is a word with the white space before it, and the last also with that after it. */
function piecesOf(line: string): readonly string[] {
  const pieces = line.split(/(?<=[^ \t])(?=[ \t])/);
  const last = pieces.at(-1) ?? "";
  if (pieces.length < 2 || /[^ \t]/.test(last)) return pieces;
  return [...pieces.slice(0, -2), `${pieces.at(-2) ?? ""}${last}`];
}
