/** Finds the addresses of a header field (RFC 5322 section 3.4), with comments, names and groups around them. */
import { Buffer } from "node:buffer";
import { CommandError } from "../command-error.ts";

export interface ListedAddress {
  /** Without a name: `alice@example.com`, or `root`. */
  readonly address: string;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
}

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * One pass, in linear time. `place`: what to call it in an error. Text is Latin-1 with UTF-8 in it, as octets are; the
 * addresses come decoded. What the list means has to be plain: two words without a comma between them are refused.
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
    const end = endOf(text, at, place);
    if (character === "," || character === ";") finish();
    else if (character === ":" && angle === undefined) {
      // The name of a group is nobody's address; what looks like one before a colon is not dropped in silence.
      if (words.some((word) => word.text === "@")) throw odd(place, "there is a colon behind an address");
      words = [];
    } else if (character === "<") {
      if (angle !== undefined) throw odd(place, "there are two angle brackets where one address is due");
      angle = [];
    } else if (character === ">") {
      if (angle === undefined || closed) throw odd(place, "an angle bracket closes nothing");
      closed = true;
    } else if (character !== "(" && !/\s/.test(character)) {
      if (closed) throw odd(place, "something follows an address without a comma between them");
      (angle ?? words).push({ text: text.slice(at, end), start: at, end });
    }
    at = end;
  }
  finish();
  return found;
}

/** Where the token that begins here ends: a comment, a quoted string, a run of letters, or one character. */
function endOf(text: string, start: number, place: string): number {
  const first = text.charAt(start);
  if (first === "(") return endOfComment(text, start, place);
  if (first === '"') return endOfQuotes(text, start, place);
  if (/[\s,;:<>@]/.test(first)) return start + 1;
  let end = start + 1;
  while (end < text.length && !/[\s,;:<>@("]/.test(text.charAt(end))) end += 1;
  return end;
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

/** Whether it is an address the library judges; here only that it is one, and not two. */
function joined(pieces: readonly Piece[], place: string): ListedAddress {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const text = pieces.map((piece) => piece.text).join("");
  const isOne = pieces.length === 1 || (pieces.length === 3 && pieces[1]?.text === "@");
  if (first === undefined || last === undefined || !isOne) {
    throw odd(
      place,
      "there are several words where one address is due: a name goes before <the address>, and commas between addresses",
    );
  }
  return { address: Buffer.from(text, "latin1").toString("utf8"), start: first.start, end: last.end };
}

function odd(place: string, what: string): CommandError {
  return new CommandError(
    "CLI_INPUT",
    `${place}: ${what}. So that nobody gets what was not meant for them, nothing was sent`,
  );
}
