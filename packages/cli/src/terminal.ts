/** Text as a terminal may see it: wrapped, with nothing in it that the terminal would obey. Which characters these are the library says. */
import { shown } from "@postseal/mailer/shown";

const WIDEST = 100;
/** What has to be asked about. */
const UNUSUAL = /[^\u0020-\u007e]/gu;
/** Colours as `styleText` writes them, but for 8, which hides what follows; and what has to be asked about. */
const UNUSUAL_IN_PAGE = /\u001b\[(?:[0-79]|[1-9]\d{1,2})m|[^\u0020-\u007e\n\t]/gu;
const UNUSUAL_IN_JSON = /[^\u0020-\u007e\n]/gu;

/** One line without controls. Paths, addresses and certificates come through here, and what servers say a second time. */
export function printable(text: string): string {
  return text.replace(UNUSUAL, shown);
}

/** A page with its line ends and colours. */
export function pageSafe(text: string): string {
  return text.replace(UNUSUAL_IN_PAGE, (found) => (found.length > 2 ? found : shown(found)));
}

/** JSON that means the same: what is not safe is an escape in it, and it stands only within its strings. */
export function jsonSafe(json: string): string {
  return escapedAs(json, UNUSUAL_IN_JSON, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The content of a basic string of TOML, which was written as JSON writes it. */
export function tomlSafe(json: string): string {
  return escapedAs(json, UNUSUAL, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

function escapedAs(text: string, unusual: RegExp, escape: (character: string) => string): string {
  return text.replace(unusual, (character) => (shown(character) === character ? character : escape(character)));
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
  // Kept, and not asked of the line at each word: a run of spaces would be read again at each of them.
  let isBlank = true;
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (!isBlank && longer.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
      isBlank = word.trim() === "";
    } else {
      line = longer;
      isBlank &&= word.trim() === "";
    }
  }
  return [...lines, line].join("\n");
}
