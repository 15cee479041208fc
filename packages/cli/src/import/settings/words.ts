/** Splits a line into words as a shell does, without running anything. */

export interface Word {
  /** Without its quotation marks. */
  readonly text: string;
  /** What stood between backquotes: a program to run. */
  readonly program: string | undefined;
  /** Whether a `$` in it is a sign and no reference, since it was quoted or escaped. */
  readonly isLiteral: boolean;
}

/** A `#` at the beginning of a word begins a comment. */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let text: string | undefined;
  let program: string | undefined;
  let isLiteral = false;
  const end = (): void => {
    if (text !== undefined) words.push({ text, program, isLiteral });
    text = undefined;
    program = undefined;
    isLiteral = false;
  };
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === " " || character === "\t") end();
    else if (character === "#" && text === undefined) break;
    else if (character === "\\") {
      at += 1;
      text = `${text ?? ""}${line.charAt(at)}`;
      isLiteral = true;
    } else if (character === "'" || character === '"' || character === "`") {
      const start = at;
      const { inner, last } = quoted(line, start, character);
      at = last;
      const run = character === "`" ? inner : character === '"' ? /^`([^`]*)`$/.exec(inner)?.[1] : undefined;
      program = run ?? program;
      isLiteral ||= character === "'" || (character === '"' && line.slice(start, last).includes("\\$"));
      text = `${text ?? ""}${run === undefined ? inner : ""}`;
    } else text = `${text ?? ""}${character}`;
  }
  end();
  return words;
}

/** A backslash escapes only between double quotation marks. `last`: where the closing mark is, or the line's end. */
function quoted(line: string, start: number, mark: string): { readonly inner: string; readonly last: number } {
  let inner = "";
  for (let at = start + 1; at < line.length; at += 1) {
    if (line.charAt(at) === mark) return { inner, last: at };
    if (mark === '"' && line.charAt(at) === "\\") at += 1;
    inner += line.charAt(at);
  }
  return { inner, last: line.length };
}
