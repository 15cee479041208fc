/**
 * Whether a server could take a line of a message for a command. A server that refuses a chunk has to read it all the same
 * (RFC 3030 section 2), but some do not: then its octets are their next commands. So no line of a chunk may be command-like.
 *
 * A line is command-like if it begins, in any case and after any octets that are not visible ASCII, with a word that begins,
 * extends or fills a transaction. It is too if it is so long that a server's buffer may cut it, and the rest be read as a line.
 *
 * In all texts here a character stands for an octet.
 */

/** A command line without its CRLF (RFC 5321 section 4.5.3.1.4): what is longer may be cut. */
// defence: no-line-that-a-buffer-cuts
export const LONGEST_COMMAND = 510;

/** RFC 821 section 4.1.1: SEND, SOML and SAML begin a transaction as MAIL does. */
// defence: mail-and-from-far-apart
const OPENING = /(?:rcpt|data|bdat|burl|(?:mail|send|soml|saml)[^a-z\r\n]*from)/iy;
const WORDS = ["rcpt", "data", "bdat", "burl", "mail", "send", "soml", "saml"];
const LETTER_OR_DIGIT = /[a-z0-9]/iy;
/** Line ends beside CR and LF to some programs: VT, FF, FS, GS, RS, NEL, U+2028 and U+2029. */
const OTHER_END = /[\v\f\u001c-\u001e\u0085]|\u00e2\u0080[\u00a8\u00a9]/g;
/** Those of ASCII alone are found in a fraction of the time. */
const OTHER_ASCII_END = /[\v\f\u001c-\u001e]/;

/** Most lines begin with another letter, in any case: to see that has to cost next to nothing. */
const FIRST = new Uint8Array(32);
/** Two letters each, in any case. */
const [FIRST_TWO, LAST_TWO] = [new Uint8Array(1024), new Uint8Array(1024)];
for (const word of WORDS) {
  FIRST[word.charCodeAt(0) & 31] = 1;
  FIRST_TWO[pairAt(word, 0)] = 1;
  LAST_TWO[pairAt(word, 2)] = 1;
}

/** Whether the line that begins here, with its CR or LF or the end of the text at `to`, is command-like. */
export function isCommandLike(text: string, from: number, to: number): boolean {
  const length = to - from;
  // Too short for any word. That saves more than time: once charCodeAt was asked for an index past the end, V8 keeps to its slow form.
  if (length < 4 || length > LONGEST_COMMAND) return length > LONGEST_COMMAND;
  return mayBegin(text, from) && commandAt(text, visibleAt(text, from, to), to);
}

/** The same for a line in which other lines may begin, behind what only some programs take for a line end. */
export function holdsCommandLike(line: string): boolean {
  if (line.length > LONGEST_COMMAND) return true;
  for (let at = visibleAt(line, 0, line.length); at < line.length;) {
    if (commandAt(line, at, line.length)) return true;
    OTHER_END.lastIndex = at;
    if (!OTHER_END.test(line)) return false;
    at = visibleAt(line, OTHER_END.lastIndex, line.length);
  }
  return false;
}

/**
 * Whether fields and what stands between parts, whose lines end with CRLF, have such a line. Those of ASCII hold no other line
 * end: `judgeLine` refuses control characters. An octet of UTF-8 may look like one.
 */
export function hasCommandLike(text: string, isAscii: boolean): boolean {
  const endsElsewhere = !isAscii && hasOtherEnd(text, false);
  for (let start = 0; ;) {
    const cr = text.indexOf("\r", start);
    const end = cr === -1 ? text.length : cr;
    if (endsElsewhere ? holdsCommandLike(text.slice(start, end)) : isCommandLike(text, start, end)) return true;
    if (cr === -1) return false;
    start = cr + 2;
  }
}

/** Whether a line of the text may end elsewhere than at CR and LF. */
export function hasOtherEnd(text: string, isAscii: boolean): boolean {
  return text.search(isAscii ? OTHER_ASCII_END : OTHER_END) !== -1;
}

/** Where the first word of a line begins, if the line is command-like once it is cut behind that word; else -1. */
export function openingAt(text: string, from: number, to: number): number {
  const end = Math.min(to, text.length);
  const at = visibleAt(text, from, end);
  // defence: soft-break-makes-no-command
  return endOfOpening(text, at, end) === -1 ? -1 : at;
}

/** True for every word, whatever follows it, and for little else. Four characters are there. */
export function mayBeginWord(text: string, at: number): boolean {
  return FIRST_TWO[pairAt(text, at)] === 1 && LAST_TWO[pairAt(text, at + 2)] === 1;
}

function commandAt(text: string, at: number, to: number): boolean {
  const end = endOfOpening(text, at, to);
  if (end === -1) return false;
  LETTER_OR_DIGIT.lastIndex = end;
  return !LETTER_OR_DIGIT.test(text);
}

/** Where the words end that begin here, or -1. */
function endOfOpening(text: string, at: number, to: number): number {
  if (to - at < 4) return -1;
  if (!mayBeginWord(text, at)) return -1;
  OPENING.lastIndex = at;
  return OPENING.test(text) ? OPENING.lastIndex : -1;
}

/** False for most lines. */
function mayBegin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return FIRST[code & 31] === 1 || !isVisible(code);
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at) & 31) << 5) | (text.charCodeAt(at + 1) & 31);
}

/** The first character that is visible ASCII, or `to`. */
function visibleAt(text: string, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    if (isVisible(text.charCodeAt(at))) return at;
  }
  return to;
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
