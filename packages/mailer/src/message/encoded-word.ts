/** Encoded words (RFC 2047): text that is not ASCII in a header that is. */
import { Buffer } from "node:buffer";

const FRAME = "=?UTF-8?Q??=".length;
/** RFC 2047 section 2. */
const LONGEST = 75;
/** Longer words are encoded: they cannot be folded, and a header line must stay under 998 octets. */
const LONGEST_WORD = 400;
const PLAIN = /^[\x20-\x7e]*$/;
const WITH_TABS = /^[\t\x20-\x7e]*$/;
/** Characters that an encoded word in a phrase may hold unescaped (RFC 2047 section 5, rule 3); fit for unstructured text too. */
const ITSELF = /^[A-Za-z0-9!*+\-/]$/;

/**
 * Whether a reader would not get the same text back unencoded: it is not ASCII, has spaces that folding or a parser would
 * lose, looks like an encoded word already, or has a word that is too long to fold.
 */
export function needsEncoding(text: string): boolean {
  if (!PLAIN.test(text)) return !WITH_TABS.test(text) || needsEncoding(text.replaceAll("\t", " "));
  if (mayBeMisread(text) || text.includes("  ")) return true;
  return text.length > LONGEST_WORD && text.split(" ").some((word) => word.length > LONGEST_WORD);
}

/** The same for text that a program reads, which may hold any white space inside and words of any length. */
export function needsEncodingAsGiven(text: string): boolean {
  if (PLAIN.test(text)) return mayBeMisread(text);
  return !WITH_TABS.test(text) || mayBeMisread(text.replaceAll("\t", " "));
}

/** Whether printable ASCII would come back as another text: its outer spaces are lost, or an encoded word in it is decoded. */
function mayBeMisread(text: string): boolean {
  return text.startsWith(" ") || text.endsWith(" ") || text.includes("=?");
}

/** The text as encoded words of at most `longest` characters, the first at most `first`; readers drop the spaces between them. */
export function encodedWords(text: string, longest: number = LONGEST, first: number = longest): readonly string[] {
  const base64 = isShorterAsBase64(text);
  const words: string[] = [];
  let room = Math.min(first, LONGEST) - FRAME;
  let word = "";
  let width = 0;
  // Character by character: an encoded word must not end inside one (RFC 2047 section 5).
  for (const character of text) {
    const piece = base64 ? character : quoted(character);
    const added = base64 ? Buffer.byteLength(piece) : piece.length;
    if (word !== "" && (base64 ? Math.ceil((width + added) / 3) * 4 : width + added) > room) {
      words.push(framed(word, base64));
      room = Math.min(longest, LONGEST) - FRAME;
      word = "";
      width = 0;
    }
    word += piece;
    width += added;
  }
  return word === "" ? words : [...words, framed(word, base64)];
}

function framed(word: string, base64: boolean): string {
  return base64 ? `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=` : `=?UTF-8?Q?${word}?=`;
}

function quoted(character: string): string {
  if (character === " ") return "_";
  if (ITSELF.test(character)) return character;
  return Buffer.from(character).toString("hex").toUpperCase().replace(/../g, "=$&");
}

function isShorterAsBase64(text: string): boolean {
  let octets = 0;
  let asQuoted = 0;
  for (const character of text) {
    const width = Buffer.byteLength(character);
    octets += width;
    asQuoted += character === " " || ITSELF.test(character) ? 1 : 3 * width;
  }
  return Math.ceil(octets / 3) * 4 < asQuoted;
}
