/** One label of a domain, in the form that goes over the wire (RFC 5890 section 2.3.2.1). */
import { domainToASCII, domainToUnicode } from "node:url";

/** How errors say what would have to be done to a label that is no U-label; the caller can do it. */
export const NORMALISED = "in lower case and normalised (NFC): write it so, or with A-labels (xn--…)";

const ASCII = /^[\x00-\x7f]*$/;

/**
 * An ASCII label as it is, a U-label as its A-label; `undefined` for what is neither. Every name that is taken from
 * outside comes here: the domain of an address, the host of a server.
 *
 * `domainToASCII` is made for browsers and cleans up: it decodes percent signs, cuts at a slash, reads a full-width dot as
 * a dot, drops invisible characters, and makes a plain `k` of the Kelvin sign. What is cleaned up is another name. So only
 * labels that are not ASCII reach it, one at a time, and the way back must lead to what was written, but for the case of
 * ASCII letters: a U-label is in lower case and normal form already (RFC 5890 section 2.3.2.1).
 */
export function toALabel(label: string): string | undefined {
  if (ASCII.test(label)) return label;
  // defence: lower-case-of-ascii-alone
  const lower = label.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const written = domainToASCII(lower);
  return domainToUnicode(written) === lower ? written : undefined;
}
