/**
 * The gate between Nodemailer's addresses and the wire. Nodemailer turns hostile text into some clean address, and a transport
 * finds only that in the envelope: `b@x>\r\nRCPT TO:<e@e` has become `e@e`. So this file reads again what the application
 * gave, and both readings have to give the same mailboxes.
 */
import { InputError } from "../../errors/input-error.ts";
import { shown } from "../../errors/shown.ts";
import { type Mailbox, parseMailbox } from "../../message/mailbox.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import { readAddresses } from "./address-list.ts";
import type { ComposedMail } from "./mail.ts";

export interface JudgedEnvelope {
  /** Empty for the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
}

/** Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function judgeEnvelope(mail: ComposedMail): JudgedEnvelope {
  const data = withoutPrototype(mail.data);
  const { message } = mail;
  const theirs = withoutPrototype(message.getEnvelope());
  const explicit = typeof data.envelope === "object" && data.envelope !== null ? data.envelope : undefined;
  const senders = explicit === undefined ? headerSenders(message) : read(explicit, ["from"], "envelope.");
  const recipients =
    explicit === undefined ? headerRecipients(message) : read(explicit, ["to", "cc", "bcc"], "envelope.");
  // The readings may also differ because a plugin set another envelope on the message: nothing says from what.
  const to = [theirs.to].flat().map((address) => parseMailbox(address, "to"));
  // defence: same-recipients
  if (!isSame(to, recipients)) throw difference("to", to, recipients);
  if (theirs.from === false || theirs.from === undefined || theirs.from === "") {
    if (senders.length > 0) throw difference("from", [], senders);
    return { from: "", to: texts(recipients) };
  }
  const from = parseMailbox(theirs.from, "from");
  // defence: same-sender
  if (!senders.some((sender) => sender.key === from.key)) throw difference("from", [from], senders);
  return { from: from.text, to: texts(recipients) };
}

/** Nodemailer takes the first address of From, or else of the other two. */
function headerSenders(message: ComposedMail["message"]): readonly Mailbox[] {
  return ["from", "sender", "reply-to"].flatMap((name) => readAddresses(message.getHeader(name), name));
}

function headerRecipients(message: ComposedMail["message"]): readonly Mailbox[] {
  return ["to", "cc", "bcc"].flatMap((name) => readAddresses(message.getHeader(name), name));
}

function read(envelope: object, names: readonly string[], prefix: string): readonly Mailbox[] {
  const own = withoutPrototype(envelope);
  return names.flatMap((name) => readAddresses(Reflect.get(own, name), `${prefix}${name}`));
}

function isSame(one: readonly Mailbox[], other: readonly Mailbox[]): boolean {
  const keys = new Set(one.map(({ key }) => key));
  const others = new Set(other.map(({ key }) => key));
  return keys.size === others.size && [...keys].every((key) => others.has(key));
}

function texts(mailboxes: readonly Mailbox[]): readonly string[] {
  return mailboxes.map(({ text }) => text);
}

function difference(field: string, theirs: readonly Mailbox[], ours: readonly Mailbox[]): InputError {
  return new InputError(
    "MAIL_INPUT_ADDRESS",
    field,
    `was read by Nodemailer as ${listed(theirs)}, and by Postseal as ${listed(ours)}, so nobody can say who was meant. Give each ` +
      "address as { name, address } in an array. A plugin that sets another envelope has to do so in mail.data.envelope, in the step compile.",
  );
}

function listed(mailboxes: readonly Mailbox[]): string {
  return shown(texts(mailboxes).join(", ") || "nobody");
}
