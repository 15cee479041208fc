/** Finds the line of each key of a JSON text, in one pass; `JSON.parse` has already accepted the text. */

/** By the path as JSON: `["transport","host"]`. If a key occurs twice, the last one counts, as for `JSON.parse`. */
export type KeyLines = ReadonlyMap<string, number>;

/** No option is deeper. In a deep nest, the paths of all keys would take quadratic space. */
export const DEEPEST = 6;

interface Level {
  readonly isObject: boolean;
  key: string;
}

export function linesOfKeys(text: string): KeyLines {
  const found = new Map<string, number>();
  const levels: Level[] = [];
  let line = 1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const level = levels.at(-1);
    if (character === "\n") line += 1;
    else if (character === "{" || character === "[") levels.push({ isObject: character === "{", key: "" });
    else if (character === "}" || character === "]") levels.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      if (level?.isObject === true && isKey(text, end)) {
        level.key = String(JSON.parse(text.slice(at, end)));
        if (levels.length <= DEEPEST) found.set(JSON.stringify(levels.map(({ key }) => key)), line);
      }
      at = end - 1;
    }
  }
  return found;
}

/** After its closing quotation mark. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (/\s/.test(text.charAt(at))) at += 1;
  return text.charAt(at) === ":";
}
