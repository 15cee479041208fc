/** Addresses of header fields (RFC 5322 section 3.4): a mailbox, with or without a display name. No groups, no comments. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { isList, readList, readOptions } from "../policy/own-options.ts";
import type { AddressesInput, AddressInput } from "./input.ts";
import { commonMailbox, type Mailbox, parseMailbox } from "./mailbox.ts";
import { judgedName, parsePhrase, phraseTokens } from "./phrase.ts";
import { judgeName } from "./text-judge.ts";

export interface Address {
  /** Decoded; empty if there is none. */
  readonly name: string;
  readonly mailbox: Mailbox;
}

const KEYS: ReadonlySet<string> = new Set(["name", "address"]);
/** Room for a name, its quoting and the address. */
const LONGEST = 1000;
/** The rest of the error about a name with such a character. */
const ANOTHER =
  "and could be read as another address. Put it in quotes, or pass { name, address }. Several addresses go into an array.";

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
  return { name: judgedName(name, { field: `${field}.name`, code: "MAIL_INPUT_ADDRESS" }), mailbox };
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
  const name = parsePhrase(text.slice(0, open).trim(), { field, code: "MAIL_INPUT_ADDRESS" }, ANOTHER);
  return { name, mailbox };
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ADDRESS", field, why);
}
