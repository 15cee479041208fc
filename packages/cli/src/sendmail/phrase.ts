/** Encodes the name before an address in a header: as atoms, a quoted string, or encoded words (RFC 2047). */
import { CommandError } from "../command-error.ts";
import { textFaultOf } from "../text-fault.ts";

/** Octets in one encoded word, which then has fewer than 75 characters. */
const LONGEST = 45;

/** Throws `CommandError` (`CLI_INPUT`) for a name that could end the line. */
export function phraseOf(name: string): string {
  const fault = textFaultOf(name);
  if (fault !== undefined) throw new CommandError("CLI_INPUT", `-F: the name holds ${fault}`);
  if (/^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+$/.test(name) && !name.includes("=?")) return name.trim();
  if (/^[\u0020-\u007e]*$/.test(name)) return `"${name.replace(/["\\]/g, String.raw`\$&`)}"`;
  const words: string[] = [];
  let word = "";
  for (const character of name) {
    if (Buffer.byteLength(word + character) > LONGEST) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join(" ");
}
