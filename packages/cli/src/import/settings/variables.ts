/** Reads environment variables as a `.env`, a shell script, Compose and systemd write them. */
import type { Setting } from "./setting.ts";
import { readValue } from "./value.ts";

/** `export NAME=…`, `- NAME=…` and `NAME: …` of Compose, `Environment="NAME=…"` of systemd, `-e NAME=…`. */
const LINE =
  /^[ \t]*(?:-[ \t]+|-e[ \t]+|export[ \t]+|set[ \t]+-x[ \t]+|ENV[ \t]+|Environment=)?(["'])?([A-Za-z_][\w.]*)[ \t]*["']?[=:](.*)$/;

export function readVariables(text: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    const [, quote, name, rest] = LINE.exec(written) ?? [];
    if (name === undefined || rest === undefined) return [];
    const last = rest.trim();
    // The mark stood around the whole item: - "NAME=value".
    const raw = quote !== undefined && last.endsWith(quote) && !last.startsWith(quote) ? last.slice(0, -1) : last;
    return [{ name, value: readValue(raw), line: index + 1 }];
  });
}

/** The line of the first variable that the expression fits, if it has a value. */
export function variableLike(text: string, expression: RegExp): number | undefined {
  return readVariables(text).find(({ name, value }) => expression.test(name) && isGiven(value))?.line;
}

function isGiven({ text, variable }: Setting["value"]): boolean {
  return text !== "" || variable !== undefined;
}
