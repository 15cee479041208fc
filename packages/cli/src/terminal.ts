/** Text as a terminal may see it: wrapped, with nothing in it that the terminal would obey. */

/** C0, DEL and C1 controls, and the characters that reorder or hide what follows them. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const WIDEST = 100;

/**
 * One line without controls. The library has escaped what servers say already; paths, addresses and certificates come
 * through here too, and this is the last place to catch any of them.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** How wide to wrap; `undefined` where nobody reads along: logs are searched by line. Some terminals say 0. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true ? Math.min(stream.columns || 80, WIDEST) : undefined;
}

/** Breaks between words. Lines after the first begin with the indent; a word that is too long stays whole, so that it can be copied. */
export function wrap(text: string, width: number | undefined, indent: string): string {
  if (width === undefined) return text;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line.trim() !== "" && longer.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join("\n");
}
