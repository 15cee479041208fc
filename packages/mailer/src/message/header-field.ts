/** Header fields (RFC 5322 section 2.2), folded, and made so that one cannot become two. */
import { encodedWords, needsEncoding } from "./encoded-word.ts";

/** The limit of RFC 2047 section 2 for lines with encoded words; it is within the 78 that RFC 5322 section 2.1.1 advises for all. */
const WIDTH = 76;
/** A longer name leaves no room for an encoded word beside it. */
const WIDE_NAME = 40;
/** RFC 5322 section 2.1.1. */
const LONGEST_LINE = 998;

/** `tokens` are joined by single spaces and folded at them; the line ends with CRLF. */
export function formatField(name: string, tokens: readonly string[]): string {
  // Nearly every field needs no folding.
  const line = `${name}: ${tokens.join(" ")}`;
  if (line.length <= WIDTH) return `${line}\r\n`;
  let field = `${name}:`;
  let column = field.length;
  for (const [index, token] of tokens.entries()) {
    const fits = column + 1 + token.length <= WIDTH || (index === 0 && stays(column, 1 + token.length));
    if (!fits) column = 0;
    field += fits ? ` ${token}` : `\r\n ${token}`;
    column += 1 + token.length;
  }
  return `${field}\r\n`;
}

/** A field of free text, which must have been judged. */
export function formatUnstructured(name: string, text: string): string {
  if (!needsEncoding(text)) return formatAsGiven(name, text);
  const first = name.length > WIDE_NAME ? WIDTH - 1 : WIDTH - 2 - name.length;
  return formatField(name, encodedWords(text, WIDTH - 1, first));
}

/** A field whose text stays as it is: folded before white space, and unfolding gives it back (RFC 5322 section 2.2.3). */
export function formatAsGiven(name: string, text: string): string {
  const line = `${name}: ${text}`;
  return line.length <= WIDTH ? `${line}\r\n` : `${foldedAsGiven(name, text)}\r\n`;
}

/** Whether no line of a field that is written as given would be too long, wherever it is folded. */
export function canBeFolded(name: string, text: string): boolean {
  if (name.length + 2 + text.length <= LONGEST_LINE) return true;
  return foldedAsGiven(name, text)
    .split("\r\n")
    .every((line) => line.length <= LONGEST_LINE);
}

function foldedAsGiven(name: string, text: string): string {
  let field = `${name}:`;
  let column = field.length;
  for (const [index, piece] of wordsOf(` ${text}`).entries()) {
    const fits = column + piece.length <= WIDTH || (index === 0 && stays(column, piece.length));
    if (!fits) column = 0;
    field += fits ? piece : `\r\n${piece}`;
    column += piece.length;
  }
  return field;
}

/** Whether the first word stays beside the name, although it is too long for that: it would be too long for any line. */
function stays(column: number, width: number): boolean {
  return width > WIDTH && column + width <= LONGEST_LINE;
}

/** Each word with the white space before it; the last one with that after it too, since no line may be white space alone. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let [start, inWord] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const isSpace = text[at] === " " || text[at] === "\t";
    if (isSpace && inWord) {
      words.push(text.slice(start, at));
      start = at;
    }
    inWord = !isSpace;
  }
  const rest = text.slice(start);
  return inWord ? [...words, rest] : [...words.slice(0, -1), (words.at(-1) ?? "") + rest];
}
