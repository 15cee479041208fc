/** Addresses of header fields (RFC 5322 section 3.4): a mailbox, with or without a display name. No groups, no comments. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { shown } from "../errors/shown.ts";
import { isList, readList, readOptions } from "../policy/own-options.ts";
import { encodedWords, needsEncoding } from "./encoded-word.ts";
import type { AddressesInput, AddressInput } from "./input.ts";
import { commonMailbox, type Mailbox, parseMailbox } from "./mailbox.ts";
import { judgeName } from "./text-judge.ts";

export interface Address {
  /** Decoded; empty if there is none. */
  readonly name: string;
  readonly mailbox: Mailbox;
}

const KEYS: ReadonlySet<string> = new Set(["name", "address"]);
const LONGEST_NAME = 500;
/** Room for a name, its quoting and the address. */
const LONGEST = 1000;
const PHRASE = /^[^()<>[\]:;@\\,"]+$/;
const ATOMS = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
/** Longer names are encoded, since a quoted string cannot be folded everywhere. */
const LONGEST_QUOTED = 60;

/** All addresses of one option. `undefined` gives none. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function parseAddresses(input: AddressesInput | undefined, field: string): readonly Address[] {
  if (input === undefined) return [];
  // The place in the list is spelled out only for addresses that may need an error.
  return isList(input)
    ? readList(input, { field, code: "MAIL_INPUT_ADDRESS" }).map(
        (address, index) => commonAddress(address) ?? parseAddress(address, `${field}[${index}]`),
      )
    : [parseAddress(input, field)];
}

/** One address. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function parseAddress(input: AddressInput, field: string): Address {
  if (typeof input === "string") return parseText(input, field);
  if (typeof input !== "object" || input === null || Symbol.iterator in input)
    throw refusal(field, `is ${kindOf(input)}: give a string, { name, address }, or an array of these.`);
  const { name = "", address } = readOptions(input, KEYS, { field, code: "MAIL_INPUT_MESSAGE" });
  const mailbox = parseMailbox(address, `${field}.address`);
  return { name: judgedName(name, `${field}.name`), mailbox };
}

/** The fast path: a bare mailbox of plain characters. */
function commonAddress(input: AddressInput): Address | undefined {
  const mailbox = commonMailbox(input);
  return mailbox === undefined ? undefined : { name: "", mailbox };
}

/** The pieces of an address list, between which a header field may be folded. */
export function addressTokens(addresses: readonly Address[]): readonly string[] {
  const tokens: string[] = [];
  for (const [index, { name, mailbox }] of addresses.entries()) {
    const end = index < addresses.length - 1 ? "," : "";
    if (name === "") tokens.push(mailbox.text + end);
    else tokens.push(...phraseTokens(name), `<${mailbox.text}>${end}`);
  }
  return tokens;
}

export function areUtf8(addresses: readonly Address[]): boolean {
  return addresses.some(({ mailbox }) => mailbox.utf8);
}

function parseText(text: string, field: string): Address {
  const open = text.endsWith(">") ? text.lastIndexOf("<") : -1;
  if (open === -1) return { name: "", mailbox: parseMailbox(text, field) };
  judgeName(text, field, "MAIL_INPUT_ADDRESS");
  if (text.length > LONGEST) throw refusal(field, "is longer than 1000 characters. One string holds one address.");
  const mailbox = parseMailbox(text.slice(open + 1, -1), field);
  const name = text.slice(0, open).trim();
  if (name === "") return { name, mailbox };
  if (!name.startsWith('"')) {
    if (PHRASE.test(name)) return { name: judgedName(name, field), mailbox };
    throw refusal(
      field,
      `the name "${shown(name)}" holds one of ()<>[]:;@\\," and could be read as another address. Put it in quotes, or pass { name, address }. Several addresses go into an array.`,
    );
  }
  const quoted = unquoted(name);
  if (quoted === undefined)
    throw refusal(field, `the quoted name ${shown(name)} does not end where the address begins.`);
  return { name: judgedName(quoted, field), mailbox };
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

function judgedName(name: string, field: string): string {
  judgeName(name, field, "MAIL_INPUT_ADDRESS");
  if (name.length > LONGEST_NAME) throw refusal(field, "is a name of more than 500 characters.");
  return name;
}

function phraseTokens(name: string): readonly string[] {
  if (ATOMS.test(name) && !needsEncoding(name)) return name.split(" ");
  if (needsEncoding(name) || name.length > LONGEST_QUOTED) return encodedWords(name, LONGEST_QUOTED);
  return [`"${name.replace(/["\\]/g, "\\$&")}"`];
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ADDRESS", field, why);
}
