/** Encodes the names and comments of an address list that are not ASCII; addresses stay as they are (RFC 2047 section 5). */
import { Buffer } from "node:buffer";
import { endOfToken } from "../address-list.ts";
import { encodedWords } from "../encoded-words.ts";
import { encodedRuns, encodedText, isAscii, type Word } from "./encoded-text.ts";

/** `value`: octets of UTF-8, a list that `parseAddressList` takes. */
export function encodedNames(value: string): string {
  const name = new Name();
  let text = "";
  for (let at = 0; at < value.length;) {
    const end = endOfToken(value, at, "an address list");
    const token = value.slice(at, end);
    if (/^[<>,;:@]/.test(token)) {
      // Only what stands before an angle bracket, or before the colon of a group, is a name.
      text += /^[<:]/.test(token) ? name.encoded() : name.written();
      name.clear();
      text += token;
    } else name.add(token);
    at = end;
  }
  return text + name.written();
}

/** The words since the last comma, bracket, colon or `@`, with the comments among them. */
class Name {
  #lead = "";
  #words: Word[] = [];
  #endsWithComment = false;

  add(token: string): void {
    const last = this.#words.at(-1);
    if (/^[ \t\r\n]/.test(token)) {
      if (last === undefined) this.#lead += token;
      else this.#words[this.#words.length - 1] = { ...last, gap: last.gap + token };
      return;
    }
    const isComment = token.startsWith("(");
    const written = isComment ? encodedComment(token) : token;
    const word = { written, meant: isComment ? written : meantBy(token), gap: "" };
    // An encoded word stands alone: words without space between them are one.
    const isOne = last !== undefined && last.gap === "" && !isComment && !this.#endsWithComment;
    this.#endsWithComment = isComment;
    if (!isOne) this.#words.push(word);
    else {
      const whole = { written: last.written + written, meant: last.meant + word.meant, gap: "" };
      this.#words[this.#words.length - 1] = whole;
    }
  }

  encoded(): string {
    return this.#lead + encodedRuns(this.#words);
  }

  written(): string {
    return this.#lead + this.#words.map(({ written, gap }) => written + gap).join("");
  }

  clear(): void {
    this.#lead = "";
    this.#words = [];
  }
}

/** Encoded as a whole if it has parentheses: one that is encoded no longer opens or closes anything. */
function encodedComment(comment: string): string {
  if (isAscii(comment)) return comment;
  const inner = comment.slice(1, -1);
  if (!/[()\\]/.test(inner)) return `(${encodedText(inner)})`;
  return `(${encodedWords(Buffer.from(unescaped(inner), "latin1").toString("utf8"))})`;
}

/** A quoted string without its quotation marks. */
function meantBy(token: string): string {
  return token.startsWith('"') ? unescaped(token.slice(1, -1)) : token;
}

function unescaped(text: string): string {
  return text.replace(/\r\n/g, "").replace(/\\(.)/gs, "$1");
}
