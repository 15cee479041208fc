/** The mailbox of RFC 5321 section 4.1.2 and RFC 6531 section 3.3, without the forms that two parsers could read in two ways. */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { judgeDomain, knownDomain } from "./domain.ts";
import { isAscii, judgeName } from "./text-judge.ts";

export interface Mailbox {
  /** Safe between `<` and `>` in a command and in a header field. */
  readonly text: string;
  /** A-labels, or an address literal. */
  readonly domain: string;
  /** Whether the local part is not ASCII, so that SMTPUTF8 is needed. */
  readonly utf8: boolean;
  /** Equal for mailboxes that differ only in the case of the domain. */
  readonly key: string;
}

/** The characters of an atom, without a quantifier: nested quantifiers make a refusal take exponential time. */
const ATEXT = "A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u{a1}-\\u{10ffff}";
/** Nearly every mailbox: letters, digits and the like, nothing ambiguous, and no `?` of an encoded word. */
const PLAIN = /^[\w!#$%&'*+/=^`{|}~-]+(?:\.[\w!#$%&'*+/=^`{|}~-]+)*@[A-Za-z0-9.-]+$/;
const DOT_STRING = new RegExp(`^[${ATEXT}]+(?:\\.[${ATEXT}]+)*$`, "u");
/**
 * A quoted local part may hold single spaces and dots at odd places, which a dot-string cannot. Everything else that
 * quoting permits (`@ < > , : ; ( ) [ ] " \`) becomes another mailbox in a parser that ignores the quotes:
 * `"x@gmail.com x"@internal` was delivered to Gmail. So nothing needs escaping, and each mailbox has one spelling.
 */
// defence: no-nested-quantifier
const QUOTED = new RegExp(`^"([.${ATEXT}]+(?: [.${ATEXT}]+)*)"$`, "u");
/** The beginning of an encoded word: not every program insists on its end. */
const ENCODED_WORD = /=\?[^?]*\?[bq]\?/i;
/** Characters that a compatibility normalisation (NFKC) must not produce: `＠` would become `@`. */
const SPECIAL = /[\s<>()[\]:;@\\,"\u0000-\u0020\u007f]/;
const INVISIBLE = /[\p{White_Space}\p{Format}]/u;
/**
 * RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of them the angle brackets. The 64 octets of a local part (4.5.3.1.1)
 * are what every server has to take: clients may try more, and VERP, SRS and reply tokens do. The server judges.
 */
const LONGEST = 254;

/** One plain mailbox, without a name and without angle brackets. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function parseMailbox(text: string, field: string): Mailbox {
  return commonMailbox(text) ?? parseUncommon(text, field);
}

/** The fast path: plain characters at a domain that was judged before. `undefined` for anything else. */
export function commonMailbox(text: unknown): Mailbox | undefined {
  if (typeof text !== "string" || text.length > LONGEST || !PLAIN.test(text)) return undefined;
  const at = text.indexOf("@");
  const domain = knownDomain(text, at + 1);
  if (domain === undefined) return undefined;
  const lower = domain.toLowerCase();
  return { text, domain, utf8: false, key: lower === domain ? text : text.slice(0, at + 1) + lower };
}

function parseUncommon(text: string, field: string): Mailbox {
  judgeName(text, field, "MAIL_INPUT_ADDRESS");
  if (text.length > LONGEST || Buffer.byteLength(text) > LONGEST)
    throw refusal(field, text, "is longer than 254 octets");
  if (text !== text.trim()) throw refusal(field, text, "begins or ends with white space: take it out, e.g. by trim()");
  const at = text.lastIndexOf("@");
  if (at < 1) throw refusal(field, text, "is not a mailbox: write local-part@domain");
  const localPart = text.slice(0, at);
  judgeLocalPart(localPart, text, field);
  const domain = judgeDomain(text.slice(at + 1), field);
  const written = `${localPart}@${domain}`;
  if (Buffer.byteLength(written) > LONGEST) throw refusal(field, text, "is longer than 254 octets");
  return { text: written, domain, utf8: !isAscii(localPart), key: `${localPart}@${domain.toLowerCase()}` };
}

function judgeLocalPart(localPart: string, text: string, field: string): void {
  // No encoded word in an address (RFC 2047 section 5, rule 3). `=?utf-8?q?a=40evil.com?=` is an atom to one program, and
  // `a@evil.com` to another that decodes first.
  // defence: no-encoded-word
  if (ENCODED_WORD.test(localPart))
    throw refusal(
      field,
      text,
      "has an encoded word in its local part, which other programs decode into another address",
    );
  if (!isAscii(localPart)) judgeUnicode(localPart, text, field);
  if (DOT_STRING.test(localPart)) return;
  const quoted = QUOTED.exec(localPart)?.[1];
  if (quoted === undefined) {
    throw refusal(
      field,
      text,
      localPart.startsWith('"')
        ? "has a quoted local part that holds more than letters, digits, dots, single spaces and !#$%&'*+-/=?^_`{|}~, so that two programs could read two addresses in it"
        : faultOf(localPart, text.slice(localPart.length)),
    );
  }
  if (DOT_STRING.test(quoted)) throw refusal(field, text, "has quotes that it does not need: leave them out");
}

/** Why a local part without quotes is none, and what to write instead. */
function faultOf(localPart: string, rest: string): string {
  if (/^mailto:/i.test(localPart)) return "is a URI: leave out mailto:";
  if (localPart.includes("@"))
    return "has more than one @. Several addresses go into an array; nothing separates them in a text";
  if (/[<>]/.test(localPart))
    return "has an angle bracket. They go around the whole address, after a name: Name <local-part@domain>; an envelope has no names";
  const isDotted = localPart.startsWith(".") || localPart.endsWith(".") || localPart.includes("..");
  if (isDotted && QUOTED.test(`"${localPart}"`)) {
    const where = localPart.includes("..") ? "two dots in a row in" : "a dot at the edge of";
    return `has ${where} its local part, which then needs quotes: "${shown(localPart)}"${shown(rest)}`;
  }
  return "has a character in its local part that a mailbox cannot have. A name goes before the address: Name <local-part@domain>; several addresses go into an array";
}

function judgeUnicode(localPart: string, text: string, field: string): void {
  if (INVISIBLE.test(localPart)) throw refusal(field, text, "has an invisible character in its local part");
  for (const character of localPart) {
    if (!isAscii(character) && SPECIAL.test(character.normalize("NFKC"))) {
      throw refusal(field, text, `has "${character}" in its local part, which other programs turn into a delimiter`);
    }
  }
}

function refusal(field: string, text: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ADDRESS", field, `"${shown(text)}" ${why}.`);
}
