/** MIME parameters with a caller's value (RFC 2045 section 5.1, RFC 2231). */
import { Buffer } from "node:buffer";

/** Characters that every parser reads the same way inside quotes. */
const QUOTABLE = /^[A-Za-z0-9 !#$&()+,\-.=@[\]^_`{}~]*$/;
const LONGEST_QUOTED = 60;
/** RFC 2231 section 7: attribute-char. */
const ATTRIBUTE = /^[A-Za-z0-9!#$&+\-.^_`{|}~]$/;
const LONGEST_SECTION = 55;

/**
 * The sections of one parameter, to be joined by `; `. The value has one spelling and no ASCII fallback: a file with two
 * names could be shown under one and saved under the other.
 */
export function parameterSections(name: string, value: string): readonly string[] {
  if (value.length <= LONGEST_QUOTED && QUOTABLE.test(value) && !value.startsWith(" ") && !value.endsWith(" ")) {
    return [`${name}="${value}"`];
  }
  const sections: string[] = [];
  let section = "UTF-8''";
  for (const character of value) {
    const piece = ATTRIBUTE.test(character) ? character : percentEncoded(character);
    if (section.length + piece.length > LONGEST_SECTION) {
      sections.push(section);
      section = "";
    }
    section += piece;
  }
  if (sections.length === 0) return [`${name}*=${section}`];
  return [...sections, section].map((text, index) => `${name}*${index}*=${text}`);
}

function percentEncoded(character: string): string {
  return Buffer.from(character).toString("hex").toUpperCase().replace(/../g, "%$&");
}
