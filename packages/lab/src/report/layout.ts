/** Lays out text for a terminal: wraps between words, and colours after measuring, since escapes have no width. */
import { styleText } from "node:util";

export interface Paper {
  /** How wide a line may be. A word that is longer stays whole, so that it can be copied. */
  readonly columns: number;
  readonly colour: boolean;
}

export type Ink = "bad" | "doubtful" | "good" | "quiet" | "strong";

const STYLES = { bad: ["bold", "red"], doubtful: "yellow", good: "green", quiet: "dim", strong: "bold" } as const;

export function paint(text: string, ink: Ink, { colour }: Pick<Paper, "colour">): string {
  if (!colour) return text;
  const style = STYLES[ink];
  return styleText(typeof style === "string" ? style : [...style], text, { validateStream: false });
}

export interface Indents {
  readonly first: string;
  /** The indent of the lines after the first. */
  readonly rest: string;
}

export function wrap(text: string, columns: number, { first, rest }: Indents): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf(" ", at);
    const word = text.slice(at, end === -1 ? undefined : end);
    at = end === -1 ? Infinity : end + 1;
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
