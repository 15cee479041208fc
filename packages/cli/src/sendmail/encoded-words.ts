/** Text that is not ASCII as encoded words (RFC 2047). */
import { Buffer } from "node:buffer";

/** Octets in one encoded word, so that it fits into a line of 76 with a name such as `Subject: ` before it. */
const LONGEST = 39;

/** With a space between each two, which readers drop. */
export function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  let width = 0;
  // Character by character: an encoded word must not end inside one (RFC 2047 section 5).
  for (const character of text) {
    const added = Buffer.byteLength(character);
    if (width + added > LONGEST) {
      words.push(word);
      [word, width] = ["", 0];
    }
    word += character;
    width += added;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join(" ");
}
