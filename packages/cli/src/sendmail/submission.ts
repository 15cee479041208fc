/**
 * Turns what a program wrote into an envelope and a message that may be submitted, as a submission agent does (RFC 6409
 * section 8). Nothing is changed that a signature covers.
 */
import { randomUUID } from "node:crypto";
import { domainToASCII } from "node:url";
import type { ReadyMessage } from "@postseal/mailer";
import { CommandError } from "../command-error.ts";
import { type ListedAddress, parseAddressList } from "./address-list.ts";
import { mend } from "./mend/mend.ts";
import { signatureOf } from "./mend/signature.ts";
import type { Names } from "./names.ts";
import { withOwnSender } from "./own-sender.ts";
import { phraseOf } from "./phrase.ts";
import { textFaultOf } from "../text-fault.ts";
import { type Field, formatSource, type Source } from "./source.ts";
import type { SendmailWords } from "./words.ts";

/** What the account knows about the sender. */
export interface Sending {
  readonly names: Names;
  /** The account's own address. */
  readonly own: string | undefined;
  readonly mends: boolean;
  /** Whether the server takes octets over 127. Only the server says so, so it is asked first. */
  readonly takesEightBit: boolean;
  /** Of which senders `own` takes the place; `undefined` if of none. */
  readonly replaces: ((address: string) => boolean) | undefined;
}

/** The address that chooses the account: from `-f`, or from the header. Empty for the null reverse-path. */
export function senderOf({ fields }: Source, words: SendmailWords): string | undefined {
  return words.sender ?? authorOf(fields)?.address;
}

/** Throws `CommandError`: `CLI_INPUT`, `CLI_NO_USER`, `CLI_CONFIGURATION`. */
export function submissionOf(source: Source, words: SendmailWords, sending: Sending): ReadyMessage {
  // defence: header-ends-with-an-empty-line
  refuseOddHeader(source, words);
  const to = recipientsOf(source.fields, words).flatMap((address) => sending.names.resolve(address));
  if (to.length === 0) {
    throw new CommandError(
      words.recipientsInHeader ? "CLI_INPUT" : "CLI_USAGE",
      words.recipientsInHeader
        ? "-t: the header names nobody in To, Cc or Bcc"
        : "there is no recipient: give addresses as words, or -t to take them from the header",
    );
  }
  // Whom it goes to is read from what was written, and what is sent is mended: mending cannot change a recipient.
  const written = sending.mends ? mend(source, sending) : source;
  const isSigned = signatureOf(source) !== undefined;
  const given = reversePathOf(senderOf(source, words), sending);
  const from = isSigned || given === "" ? given : ownOf(given, sending);
  // defence: bcc-stays-here
  const kept = written.fields.filter(({ name }) => !/^(?:resent-)?bcc$/i.test(name));
  const fields = hasSignedHeader(kept) ? kept : completed(kept, from, words, sending);
  return {
    envelope: { from, to },
    message: formatSource({ fields: isSigned ? fields : owned(fields, sending), body: written.body }),
    ...(words.dsn === undefined ? {} : { dsn: words.dsn }),
  };
}

/**
 * After a line that is not a field, a Bcc would be text that everybody reads, and its recipients would get nothing. Without
 * `-t`, a message may begin with any text; but fields, such a line, and then a Bcc were meant to be a header.
 */
function refuseOddHeader({ oddLine, fields, body }: Source, { recipientsInHeader }: SendmailWords): void {
  if (oddLine === undefined) return;
  const [rest = ""] = body.split("\r\n\r\n", 1);
  if (!recipientsInHeader && (fields.length === 0 || !/^(?:resent-)?bcc[ \t]*:/im.test(rest))) return;
  throw new CommandError(
    "CLI_INPUT",
    `line ${oddLine} of the message is neither a header field nor the empty line that ends the header. If the text begins there, put an empty line before it. Nothing was sent: a Bcc field after it would become text that everybody reads`,
  );
}

/** If there are Resent fields, they say who gets the message now (RFC 5322 section 3.6.6). */
function recipientsOf(fields: readonly Field[], words: SendmailWords): readonly string[] {
  if (!words.recipientsInHeader) {
    return words.recipients.flatMap(listed).map(({ address }) => address);
  }
  const resent = fields.filter(({ name }) => /^resent-(?:to|cc|bcc)$/i.test(name));
  const named = resent.length > 0 ? resent : fields.filter(({ name }) => /^(?:to|cc|bcc)$/i.test(name));
  return named.flatMap(({ name, value }) => parseAddressList(value, name)).map(({ address }) => address);
}

/** An address without anything that a list of addresses gives a meaning. */
const PLAIN = /^[^\s"(),:;<>@[\]\\]+@[^\s"(),:;<>@[\]\\]+$/;

/** A word of the command line may not have line ends, which are valid only in a folded header. */
function listed(word: string): readonly ListedAddress[] {
  // defence: recipient-without-control-characters
  const fault = textFaultOf(word);
  if (fault !== undefined) throw new CommandError("CLI_INPUT", `a recipient holds ${fault}: nothing was sent`);
  const parts = word.split(" ").filter((part) => part !== "");
  // `'a@x b@x'` in one word: nothing in it can be a name, so it is plain who is meant.
  const octets = parts.every((part) => PLAIN.test(part)) ? parts.join(",") : word;
  return parseAddressList(Buffer.from(octets).toString("latin1"), "a recipient");
}

/** A bare name is a user of this machine, which no server accepts as a sender: the account's own address replaces it. */
function reversePathOf(sender: string | undefined, { names, own }: Sending): string {
  if (sender === "") return "";
  if (sender !== undefined && !names.isLocal(sender)) return sender;
  if (sender !== undefined) names.assertName(sender);
  const address = own ?? (sender === undefined ? undefined : names.qualify(sender));
  if (address !== undefined) return address;
  throw new CommandError(
    "CLI_CONFIGURATION",
    'nothing says who sends this: write an address into from of the account (from = ["alice@example.com"]), give -f ADDRESS, or a From field',
  );
}

function ownOf(sender: string, { own, replaces }: Sending): string {
  return own !== undefined && replaces?.(sender) === true ? own : sender;
}

function owned(fields: readonly Field[], { own, replaces }: Sending): readonly Field[] {
  return own === undefined || replaces === undefined ? fields : withOwnSender(fields, own, replaces);
}

/** S/MIME and PGP/MIME sign the body alone. */
function hasSignedHeader(fields: readonly Field[]): boolean {
  return signatureOf({ fields: fields.filter(({ name }) => !/^content-/i.test(name)), body: "" }) !== undefined;
}

function completed(given: readonly Field[], from: string, words: SendmailWords, sending: Sending): readonly Field[] {
  const sender = from === "" ? (sending.own ?? "") : from;
  const fields = given.map((field) => ({ name: field.name, value: qualified(field, sender, sending.names) }));
  const added: Field[] = [];
  if (!has(fields, "from")) {
    if (sender === "")
      throw new CommandError(
        "CLI_INPUT",
        "there is no From field, and no sender to put into one: add the field, or give -f ADDRESS",
      );
    added.push({
      name: "From",
      value: ` ${words.name === undefined ? sender : `${phraseOf(words.name)} <${sender}>`}`,
    });
  }
  if (!has(fields, "date")) added.push({ name: "Date", value: ` ${new Date().toUTCString().replace("GMT", "+0000")}` });
  if (!has(fields, "message-id")) {
    added.push({
      name: "Message-ID",
      value: ` <${randomUUID()}@${domainOf(sender === "" ? authorOf(fields)?.address : sender)}>`,
    });
  }
  return [...fields, ...added.map(({ name, value }) => ({ name, value: Buffer.from(value).toString("latin1") }))];
}

/** Replaces names without a domain by their addresses: `root` in a header would mean each reader's own root. */
function qualified({ name, value }: Field, sender: string, names: Names): string {
  const isAuthor = /^(?:resent-)?(?:from|sender|reply-to)$/i.test(name);
  if (!isAuthor && !/^(?:resent-)?(?:to|cc)$/i.test(name)) return value;
  let text = "";
  let at = 0;
  for (const { address, start, end } of localIn(value, name, names)) {
    const found = isAuthor ? (sender === "" ? undefined : [sender]) : names.find(address);
    if (found === undefined) continue;
    const written = found.join(value.charAt(start - 1) === "<" ? ">, <" : ", ");
    text += value.slice(at, start) + Buffer.from(written).toString("latin1");
    at = end;
  }
  return text + value.slice(at);
}

/** A list that cannot be parsed is left as it is: only `-t` has to understand it. */
function localIn(value: string, name: string, names: Names): readonly ListedAddress[] {
  try {
    return parseAddressList(value, name).filter(({ address }) => names.isLocal(address));
  } catch {
    return [];
  }
}

/** The domain for a Message-ID. An address literal has none; `invalid` will do, since the part before it is unique. */
function domainOf(address = ""): string {
  return domainToASCII(address.slice(address.lastIndexOf("@") + 1)) || "invalid";
}

function authorOf(fields: readonly Field[]): ListedAddress | undefined {
  for (const wanted of ["sender", "from"]) {
    const field = fields.find(({ name }) => name.toLowerCase() === wanted);
    if (field === undefined) continue;
    const [first] = parseAddressList(field.value, field.name);
    if (first !== undefined) return first;
  }
  return undefined;
}

function has(fields: readonly Field[], wanted: string): boolean {
  return fields.some(({ name }) => name.toLowerCase() === wanted);
}
