/** Makes text safe for a terminal, and wraps it. The library decides which characters a terminal might obey. */
import { shown } from "@postseal/mailer/shown";

const WIDEST = 100;
/** What has to be checked by `shown`. */
const UNUSUAL = /[^\u0020-\u007e]/gu;
/** Colours as `styleText` writes them, except 8, which hides text; and what has to be checked by `shown`. */
const UNUSUAL_IN_PAGE = /\u001b\[(?:[0-79]|[1-9]\d{1,2})m|[^\u0020-\u007e\n\t]/gu;
const UNUSUAL_IN_JSON = /[^\u0020-\u007e\n]/gu;

/** One line without controls: for paths, addresses and certificates; servers' words are escaped already, and once more here. */
export function printable(text: string): string {
  return text.replace(UNUSUAL, shown);
}

/** Keeps the line ends and colours of a page. */
export function pageSafe(text: string): string {
  return text.replace(UNUSUAL_IN_PAGE, (found) => (found.length > 2 ? found : shown(found)));
}

/** JSON with the same meaning: unsafe characters occur only inside strings, and become escapes. */
export function jsonSafe(json: string): string {
  return escapedAs(json, UNUSUAL_IN_JSON, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The same for a basic string of TOML, which has the escapes of JSON. */
export function tomlSafe(json: string): string {
  return escapedAs(json, UNUSUAL, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

function escapedAs(text: string, unusual: RegExp, escape: (character: string) => string): string {
  return text.replace(unusual, (character) => (shown(character) === character ? character : escape(character)));
}

/** Where to wrap; `undefined` unless it is a terminal, since logs are searched by line. Some terminals report 0 columns. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true ? Math.min(stream.columns || 80, WIDEST) : undefined;
}

/** Breaks between words. Lines after the first get the indent. A word that is too long stays whole, so that it can be copied. */
export function wrap(text: string, width: number | undefined, indent: string): string {
  if (width === undefined) return text;
  const lines: string[] = [];
  let line = "";
  // Kept up to date, because trimming the line at each word would be quadratic in a run of spaces.
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
