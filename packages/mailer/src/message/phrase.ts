/** The phrase before an angle bracket (RFC 5322 section 3.2.5): the name of a person, or of a list. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { encodedWords, needsEncoding } from "./encoded-word.ts";
import type { Place } from "./octet-source.ts";
import { judgeName } from "./text-judge.ts";

const LONGEST_NAME = 500;
const PHRASE = /^[^()<>[\]:;@\\,"]+$/;
const ATOMS = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
/** Longer names are encoded, since a quoted string cannot be folded everywhere. */
const LONGEST_QUOTED = 60;

/** The name that a phrase is, plain or in quotes. `advice`: what else its author may have meant. Throws `InputError`. */
export function parsePhrase(phrase: string, place: Place, advice: string): string {
  if (phrase === "") return phrase;
  if (!phrase.startsWith('"')) {
    if (PHRASE.test(phrase)) return judgedName(phrase, place);
    throw refusal(place, `the name "${shown(phrase)}" holds one of ()<>[]:;@\\," ${advice}`);
  }
  const quoted = unquoted(phrase);
  if (quoted === undefined)
    throw refusal(place, `the quoted name ${shown(phrase)} does not end where the address begins.`);
  return judgedName(quoted, place);
}

/** Throws `InputError`. */
export function judgedName(name: string, place: Place): string {
  judgeName(name, place.field, place.code);
  if (name.length > LONGEST_NAME) throw refusal(place, "is a name of more than 500 characters.");
  return name;
}

/** The pieces between which to fold: words, a quoted string, or encoded words. */
export function phraseTokens(name: string): readonly string[] {
  if (ATOMS.test(name) && !needsEncoding(name)) return name.split(" ");
  if (needsEncoding(name) || name.length > LONGEST_QUOTED) return encodedWords(name, LONGEST_QUOTED);
  return [`"${name.replace(/["\\]/g, "\\$&")}"`];
}

/** The content of a quoted string (RFC 5322 section 3.2.4), if the whole text is one. */
function unquoted(text: string): string | undefined {
  let content = "";
  for (let index = 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return index === text.length - 1 ? content : undefined;
    content += character === "\\" ? text.charAt(++index) : character;
  }
  return undefined;
}

function refusal({ code, field }: Place, why: string): InputError {
  return new InputError(code, field, why);
}
