/** SASLprep (RFC 4013): makes one text of those that look alike or mean the same, before they are hashed. */
import { LEFT_TO_RIGHT, NOTHING, PROHIBITED, RIGHT_TO_LEFT, SPACES, UNASSIGNED } from "./stringprep-tables.ts";

/**
 * Returns the prepared text, or `undefined` if SASLprep refuses it. `text` is well-formed Unicode. `allowUnassigned`: a query
 * may hold code points that Unicode 3.2 does not assign, a stored string may not (RFC 3454 section 7).
 */
export function saslprep(text: string, allowUnassigned: boolean): string | undefined {
  const mapped = text.replace(anyOf(SPACES, "g"), " ").replace(anyOf(NOTHING, "g"), "");
  const prepared = mapped.normalize("NFKC");
  if (anyOf(PROHIBITED).test(prepared)) return undefined;
  // Both: newer tables of NFKC turn some of them into others, and two passwords would become one.
  if (!allowUnassigned && anyOf(UNASSIGNED).test(mapped + prepared)) return undefined;
  return mixesDirections(prepared) ? undefined : prepared;
}

/** RFC 3454 section 6: a text with a character that is written from right to left begins and ends with one, and has none of the others. */
function mixesDirections(text: string): boolean {
  const rightToLeft = anyOf(RIGHT_TO_LEFT);
  if (!rightToLeft.test(text)) return false;
  const characters = Array.from(text);
  return (
    !rightToLeft.test(characters[0] ?? "") ||
    !rightToLeft.test(characters.at(-1) ?? "") ||
    anyOf(LEFT_TO_RIGHT).test(text)
  );
}

/** Made when it is needed: few passwords are beyond ASCII. */
function anyOf(table: string, flags = ""): RegExp {
  const ranges = table.replace(/[\da-f]+/g, "\\u{$&}").replace(/\s+/g, "");
  return new RegExp(`[${ranges}]`, `u${flags}`);
}
