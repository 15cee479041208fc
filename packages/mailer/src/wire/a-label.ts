/** One label of a domain, in the form that goes over the wire (RFC 5890 section 2.3.2.1). */
import { domainToASCII, domainToUnicode } from "node:url";

/** For errors: what would make a U-label of the caller's label. We do not do it, the caller can. */
export const NORMALISED = "in lower case and normalised (NFC): write it so, or with A-labels (xn--…)";

const ASCII = /^[\x00-\x7f]*$/;

/**
 * An ASCII label unchanged, a U-label as its A-label; `undefined` for anything else. Every name from outside passes
 * through here: the domain of an address, the host of a server.
 *
 * `domainToASCII` is made for browsers and cleans up: it decodes percent signs, cuts at a slash, reads a full-width dot as
 * a dot, drops invisible characters, and turns the Kelvin sign into a plain `k`. A name that is cleaned up is another
 * name. So only non-ASCII labels reach it, one at a time, and its result must convert back to the input, except for the
 * case of ASCII letters: a U-label is already in lower case and normal form (RFC 5890 section 2.3.2.1).
 */
export function toALabel(label: string): string | undefined {
  if (ASCII.test(label)) return label;
  // defence: lower-case-of-ascii-alone
  const lower = label.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const written = domainToASCII(lower);
  return domainToUnicode(written) === lower ? written : undefined;
}
