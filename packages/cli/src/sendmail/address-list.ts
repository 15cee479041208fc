/** Finds the addresses in a header field (RFC 5322 section 3.4), among comments, names and groups. */
import { Buffer, isUtf8 } from "node:buffer";
import { CommandError } from "../command-error.ts";

export interface ListedAddress {
  /** Without a name: `alice@example.com`, or `root`. */
  readonly address: string;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** Not `\s`, which would take the second octet of "à" for a space. */
const SPACE = /[ \t\r\n]/;
/** RFC 2047 section 2 allows 75 characters; programs write longer ones. */
const LONGEST_ENCODED_WORD = 998;

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * One pass, in linear time. `place`: what an error calls the list. `text` holds octets, as Latin-1; the addresses are
 * returned decoded from UTF-8. An ambiguous list is refused, such as two words without a comma between them.
 * Throws `CommandError` (`CLI_INPUT`).
 */
export function parseAddressList(text: string, place: string): readonly ListedAddress[] {
  const found: ListedAddress[] = [];
  let words: Piece[] = [];
  let angle: Piece[] | undefined;
  let closed = false;
  const finish = (): void => {
    const pieces = angle ?? words;
    if (angle !== undefined && !closed) throw odd(place, "an angle bracket is not closed");
    if (pieces.length > 0) found.push(joined(pieces, place));
    else if (angle !== undefined) throw odd(place, "there is nothing between the angle brackets");
    else if (words.length > 0) throw odd(place, "there is a name without an address");
    [words, angle, closed] = [[], undefined, false];
  };
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    const isDomain = (angle ?? words).at(-1)?.text === "@";
    const end = character === "[" && isDomain ? endOfLiteral(text, at, place) : endOfToken(text, at, place);
    if (character === "," || character === ";") finish();
    else if (character === ":" && angle === undefined) {
      // A group's name is no recipient. Before a colon, what looks like an address is refused rather than silently dropped.
      if (words.some((word) => word.text === "@")) throw odd(place, "there is a colon after an address");
      if (words.length === 0) throw odd(place, "there is a colon without the name of a group before it");
      words = [];
    } else if (character === "<") {
      if (angle !== undefined) throw odd(place, "there are two opening angle brackets for one address");
      angle = [];
    } else if (character === ">") {
      if (angle === undefined || closed) throw odd(place, "a closing angle bracket has no opening one");
      closed = true;
    } else if (character !== "(" && !SPACE.test(character)) {
      if (closed) throw odd(place, "something follows an address without a comma before it");
      (angle ?? words).push({ text: unfolded(text.slice(at, end)), start: at, end });
    }
    at = end;
  }
  finish();
  return found;
}

/** A line end before white space is no part of what is quoted (RFC 5322 section 3.2.4). */
function unfolded(token: string): string {
  return token.replaceAll(/\r?\n(?=[ \t])/g, "");
}

/** Where the token that begins here ends: a comment, a quoted string, a run of letters, or one character. */
export function endOfToken(text: string, start: number, place: string): number {
  const first = text.charAt(start);
  if (first === "(") return endOfComment(text, start, place);
  if (first === '"') return endOfQuotes(text, start, place);
  if (/[ \t\r\n,;:<>@]/.test(first)) return start + 1;
  const encoded = text.startsWith("=?", start) ? endOfEncodedWord(text, start) : undefined;
  if (encoded !== undefined) return encoded;
  let end = start + 1;
  while (end < text.length && !/[ \t\r\n,;:<>@("]/.test(text.charAt(end))) end += 1;
  return end;
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3): its colons do not begin a group. */
function endOfLiteral(text: string, start: number, place: string): number {
  let end = start + 1;
  while (end < text.length && /[^ \t\r\n[\]\\]/.test(text.charAt(end))) end += 1;
  if (text.charAt(end) !== "]") throw odd(place, "an address literal is not closed");
  return end + 1;
}

/**
 * `=?UTF-8?Q?Doe,_Jane?=` (RFC 2047 section 2): some programs write a comma in it, which then belongs to the name.
 * `undefined` if it only begins like one.
 */
function endOfEncodedWord(text: string, start: number): number | undefined {
  const length = /^=\?[^? \t\r\n]+\?[BQbq]\?[^? \t\r\n]*\?=/.exec(text.slice(start, start + LONGEST_ENCODED_WORD))?.[0]
    .length;
  return length === undefined ? undefined : start + length;
}

function endOfComment(text: string, start: number, place: string): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") at += 1;
    else if (character === "(") depth += 1;
    else if (character === ")" && --depth === 0) return at + 1;
  }
  throw odd(place, "a comment is not closed");
}

function endOfQuotes(text: string, start: number, place: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") at += 1;
    else if (character === '"') return at + 1;
  }
  throw odd(place, "a quotation mark is not closed");
}

/** Checks only that it is one address, not two; the library judges whether it is valid. */
function joined(pieces: readonly Piece[], place: string): ListedAddress {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const text = pieces.map((piece) => piece.text).join("");
  const isOne = pieces.length === 1 || (pieces.length === 3 && pieces[1]?.text === "@");
  // RFC 2047 section 5: an encoded word is never part of an address. Decoded, it might hold an @ or a comma.
  // defence: no-encoded-word-in-a-list
  if (text.includes("=?")) throw odd(place, "there is an encoded word instead of an address");
  if (first === undefined || last === undefined || !isOne) {
    throw odd(
      place,
      "there are several words instead of one address: a name goes before <the address>, and a comma between addresses",
    );
  }
  const octets = Buffer.from(text, "latin1");
  // Decoding would replace the invalid octets, and so make another address.
  // defence: addresses-are-utf-8
  if (!isUtf8(octets)) throw odd(place, "there is an address that is not UTF-8");
  return { address: octets.toString("utf8"), start: first.start, end: last.end };
}

function odd(place: string, what: string): CommandError {
  return new CommandError(
    "CLI_INPUT",
    `${place}: ${what}. Nothing was sent, since it could have reached the wrong person`,
  );
}
