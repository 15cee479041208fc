/** Puts words that are not ASCII into encoded words, and leaves all others as they are (RFC 2047 section 5). */
import { Buffer } from "node:buffer";
import { encodedWords } from "../encoded-words.ts";

export interface Word {
  /** As it stands in the field. */
  readonly written: string;
  /** What a reader shows: without quotation marks. */
  readonly meant: string;
  /** The white space after it. */
  readonly gap: string;
}

export function isAscii(octets: string): boolean {
  return /^[\0-\x7f]*$/.test(octets);
}

/** Octets of UTF-8 in, ASCII out. */
export function encodedText(value: string): string {
  const pieces = value.split(/([ \t\r\n]+)/);
  const words: Word[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const written = pieces[at] ?? "";
    words.push({ written, meant: written, gap: pieces[at + 1] ?? "" });
  }
  return encodedRuns(words);
}

/** Words next to each other go into the same encoded words, since readers drop the space between two of these. */
export function encodedRuns(words: readonly Word[]): string {
  let text = "";
  for (let at = 0; at < words.length;) {
    const word = words[at];
    if (word === undefined || isAscii(word.written)) {
      text += `${word?.written ?? ""}${word?.gap ?? ""}`;
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < words.length && !isAscii(words[end]?.written ?? "")) end += 1;
    text += encodedRun(words, at, end);
    at = end;
  }
  return text;
}

function encodedRun(words: readonly Word[], from: number, to: number): string {
  const gap = words[to - 1]?.gap ?? "";
  const before = words[from - 1];
  const meant = words
    .slice(from, to)
    .map((word, index) => (index === to - from - 1 ? word.meant : word.meant + word.gap));
  // The space beside an encoded word that stood here before would be dropped too.
  if (before !== undefined && isEncodedWord(before.written)) meant.unshift(before.gap);
  if (isEncodedWord(words[to]?.written ?? "")) meant.push(gap);
  const octets = Buffer.from(meant.join("").replaceAll("\r\n", ""), "latin1");
  return encodedWords(octets.toString("utf8")) + gap;
}

function isEncodedWord(written: string): boolean {
  return written.startsWith("=?") && written.endsWith("?=");
}
