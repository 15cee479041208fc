/** Encodes the name before an address in a header: as atoms, a quoted string, or encoded words (RFC 2047). */
import { CommandError } from "../command-error.ts";
import { textFaultOf } from "../text-fault.ts";
import { encodedWords } from "./encoded-words.ts";

/** Throws `CommandError` (`CLI_INPUT`) for a name that could end the line. */
export function phraseOf(name: string): string {
  const fault = textFaultOf(name);
  if (fault !== undefined) throw new CommandError("CLI_INPUT", `-F: the name holds ${fault}`);
  if (/^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+$/.test(name) && !name.includes("=?")) return name.trim();
  if (/^[\u0020-\u007e]*$/.test(name)) return `"${name.replace(/["\\]/g, String.raw`\$&`)}"`;
  return encodedWords(name);
}
