/** One label of a domain, in the form that goes over the wire (RFC 5890 section 2.3.2.1). */
import { domainToASCII, domainToUnicode } from "node:url";

const ASCII = /^[\x00-\x7f]*$/;

/**
 * An ASCII label as it is, a U-label as its A-label; `undefined` for what is neither.
 *
 * `domainToASCII` is made for browsers and cleans up: it decodes percent signs, cuts at a slash, reads a full-width dot as
 * a dot and drops invisible characters. So only labels that are not ASCII reach it, one at a time, and the way back must
 * lead to what was written.
 */
export function toALabel(label: string): string | undefined {
  if (ASCII.test(label)) return label;
  const written = domainToASCII(label);
  const lower = Array.from(label.normalize("NFC"), (character) => character.toLowerCase()).join("");
  return domainToUnicode(written) === lower ? written : undefined;
}
