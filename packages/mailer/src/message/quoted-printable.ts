/** Quoted-printable (RFC 2045 section 6.7): text stays readable if most of it is ASCII. */
import { Buffer } from "node:buffer";
import { openingAt } from "./command-like.ts";

const LONGEST_LINE = 76;
const SPACE = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;
const CR = 0x0d;
const LF = 0x0a;
const BARE = Uint8Array.from({ length: 256 }, (_, octet) =>
  (octet >= SPACE && octet <= 0x7e && octet !== EQUALS) || octet === TAB ? 1 : 0,
);
const HEXADECIMAL = Buffer.from("0123456789ABCDEF");

/**
 * Lines of at most 76 characters with CRLF between them. None is command-like: the first letter of a possible command is
 * escaped, on every line that is written, since a soft line break begins one too. All line ends of `octets` must be CRLF.
 */
export function encodeQuotedPrintable(octets: Buffer): string {
  // The worst case: every octet takes three, with a soft line break after every 25th.
  const out = Buffer.allocUnsafe(octets.length * 4 + 3);
  let end = 0;
  let column = 0;
  const text = octets.toString("latin1");
  let opening = openingAt(text, 0, LONGEST_LINE);
  for (let index = 0; index < octets.length; index++) {
    const octet = octets[index] ?? 0;
    if (octet === CR) {
      out[end++] = CR;
      out[end++] = LF;
      index++;
      column = 0;
      // defence: command-at-a-line-is-escaped
      opening = openingAt(text, index + 1, index + 1 + LONGEST_LINE);
      continue;
    }
    const next = octets[index + 1];
    const lastOfLine = next === undefined || next === CR;
    // Rule 3: a space or tab at the end of a line is escaped, as it may be lost on the way.
    const isKept = isBare(octet) && !(lastOfLine && (octet === SPACE || octet === TAB));
    let bare = isKept && index !== opening;
    const width = bare ? 1 : 3;
    // Rule 5: a full line leaves its last place to the "=" of a soft line break.
    if (column + width > LONGEST_LINE - (lastOfLine ? 0 : 1)) {
      out[end++] = EQUALS;
      out[end++] = CR;
      out[end++] = LF;
      column = 0;
      // defence: command-after-a-soft-break-is-escaped
      opening = openingAt(text, index, index + LONGEST_LINE);
      bare = isKept && index !== opening;
    }
    column += bare ? 1 : 3;
    if (bare) {
      out[end++] = octet;
    } else {
      out[end++] = EQUALS;
      out[end++] = HEXADECIMAL[octet >> 4] ?? 0;
      out[end++] = HEXADECIMAL[octet & 15] ?? 0;
    }
  }
  return out.toString("latin1", 0, end);
}

/** Whether base64 would take fewer octets: it adds a third to the size, escaping adds two octets for each escaped one. */
export function isShorterInBase64(octets: Uint8Array): boolean {
  let escapes = 0;
  for (let index = 0; index < octets.length; index++) {
    const octet = octets[index] ?? 0;
    if (!isBare(octet) && octet !== CR && octet !== LF) escapes++;
  }
  return escapes * 6 > octets.length;
}

function isBare(octet: number): boolean {
  return BARE[octet] === 1;
}
