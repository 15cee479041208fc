/**
 * Whether a server could take a line of a message for a command. A server that refuses a chunk must still read it
 * (RFC 3030 section 2), but some do not: they read its octets as commands. So no line of a chunk may be command-like.
 *
 * A line is command-like if it begins, in upper or lower case and after any octets that are not visible ASCII, with a word
 * that begins, extends or fills a transaction. So is a line so long that a server's buffer may cut it and read
 * the end as a line.
 *
 * In every string here, one character stands for one octet.
 */

/** The longest command line without its CRLF (RFC 5321 section 4.5.3.1.4): a longer one may be cut. */
// defence: no-line-that-a-buffer-cuts
export const LONGEST_COMMAND = 510;

/** RFC 821 section 4.1.1: SEND, SOML and SAML begin a transaction as MAIL does. */
// defence: mail-and-from-far-apart
const OPENING = /(?:rcpt|data|bdat|burl|(?:mail|send|soml|saml)[^a-z\r\n]*from)/iy;
const WORDS = ["rcpt", "data", "bdat", "burl", "mail", "send", "soml", "saml"];
const LETTER_OR_DIGIT = /[a-z0-9]/iy;
/** What some programs take for line ends besides CR and LF: VT, FF, FS, GS, RS, NEL, U+2028 and U+2029. */
const OTHER_END = /[\v\f\u001c-\u001e\u0085]|\u00e2\u0080[\u00a8\u00a9]/g;
/** In ASCII text only these can occur, and they are found in a fraction of the time. */
const OTHER_ASCII_END = /[\v\f\u001c-\u001e]/;

/** The words' first letters, in either case: most lines begin with another, and seeing that must cost next to nothing. */
const FIRST = new Uint8Array(32);
/** The words' first and last two letters, in either case. */
const [FIRST_TWO, LAST_TWO] = [new Uint8Array(1024), new Uint8Array(1024)];
for (const word of WORDS) {
  FIRST[word.charCodeAt(0) & 31] = 1;
  FIRST_TWO[pairAt(word, 0)] = 1;
  LAST_TWO[pairAt(word, 2)] = 1;
}

/** Whether the line from `from` to `to`, the place of its CR or LF or the end of the text, is command-like. */
export function isCommandLike(text: string, from: number, to: number): boolean {
  const length = to - from;
  // Too short for any word. The check also keeps charCodeAt in bounds: after one call past the end, V8 uses a slower form for good.
  if (length < 4 || length > LONGEST_COMMAND) return length > LONGEST_COMMAND;
  return mayBegin(text, from) && commandAt(text, visibleAt(text, from, to), to);
}

/** The same for a line that may contain others, after what only some programs take for a line end. */
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
 * Whether header fields and the text between parts, whose lines end with CRLF, have such a line. If they are ASCII, they
 * hold no other line end, since `judgeLine` refuses control characters; octets of UTF-8 may look like one.
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

/** Whether the text holds a line end other than CR and LF. */
export function hasOtherEnd(text: string, isAscii: boolean): boolean {
  return text.search(isAscii ? OTHER_ASCII_END : OTHER_END) !== -1;
}

/** Where the first word of a line begins, if the line would be command-like when cut after that word; else -1. */
export function openingAt(text: string, from: number, to: number): number {
  const end = Math.min(to, text.length);
  const at = visibleAt(text, from, end);
  // defence: soft-break-makes-no-command
  return endOfOpening(text, at, end) === -1 ? -1 : at;
}

/** True for every word, whatever follows it, and for little else. The octets must have four from `at`. */
export function mayBeginWordAt(octets: Uint8Array, at: number): boolean {
  return isIn(FIRST_TWO, octets[at], octets[at + 1]) && isIn(LAST_TWO, octets[at + 2], octets[at + 3]);
}

/** The same for a text. */
function mayBeginWord(text: string, at: number): boolean {
  return FIRST_TWO[pairAt(text, at)] === 1 && LAST_TWO[pairAt(text, at + 2)] === 1;
}

function commandAt(text: string, at: number, to: number): boolean {
  const end = endOfOpening(text, at, to);
  if (end === -1) return false;
  LETTER_OR_DIGIT.lastIndex = end;
  return !LETTER_OR_DIGIT.test(text);
}

/** The end of the words that begin at `at`, or -1 if none do. */
function endOfOpening(text: string, at: number, to: number): number {
  if (to - at < 4) return -1;
  if (!mayBeginWord(text, at)) return -1;
  OPENING.lastIndex = at;
  return OPENING.test(text) ? OPENING.lastIndex : -1;
}

/** A quick check that excludes most lines. */
function mayBegin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return FIRST[code & 31] === 1 || !isVisible(code);
}

function pairAt(text: string, at: number): number {
  return pair(text.charCodeAt(at), text.charCodeAt(at + 1));
}

function isIn(pairs: Uint8Array, first = 0, second = 0): boolean {
  return pairs[pair(first, second)] === 1;
}

function pair(first: number, second: number): number {
  return ((first & 31) << 5) | (second & 31);
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
