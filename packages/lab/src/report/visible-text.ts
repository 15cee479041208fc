/** Makes a stranger's text safe for a terminal: nothing that a terminal would obey is left in it. */

/** Control characters, characters that reorder text or cannot be seen (fillers, variation selectors, tags), halves of surrogate pairs, and what XML forbids. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\uffff]/gu;

/** On one line: line ends and tabs as `\r`, `\n` and `\t`, other unsafe characters as `\x1b`, `\u202e` or `\u{e0041}`. */
export function visible(text: string): string {
  // defence: nothing-that-a-terminal-obeys
  return text.replace(UNSAFE, escaped);
}

/** The same, but keeps line ends and tabs. */
export function visibleLines(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSAFE, (character) => (character === "\n" || character === "\t" ? character : escaped(character)));
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["\r", "\\r"],
  ["\n", "\\n"],
  ["\t", "\\t"],
]);

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const written = code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
  return NAMED.get(character) ?? (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : written);
}
