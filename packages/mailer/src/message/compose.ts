/** Composes a message: judges every field, then writes header and parts in the order that mail programs expect. */
import { InputError } from "../errors/input-error.ts";
import { readOptions, withoutPrototype } from "../policy/own-options.ts";
import { addressTokens, type Address, areUtf8, parseAddress, parseAddresses } from "./address.ts";
import { type AttachmentPart, filePart, heldPart, isFile, readAttachments } from "./attachment.ts";
import { alternativeParts } from "./alternative.ts";
import { calendarPart } from "./calendar.ts";
import { composedContent } from "./composed-content.ts";
import { dateField } from "./date-field.ts";
import { judgeDsn } from "./dsn.ts";
import { judgeFlag } from "./flag.ts";
import { explainMessage } from "./other-names.ts";
import { createEnvelope, parsePaths, parseReversePath, type PreparedMessage } from "./envelope.ts";
import type { HandedOver } from "./handed-over.ts";
import { formatField, formatUnstructured } from "./header-field.ts";
import { furtherFields } from "./further-fields.ts";
import type { Attachment, ComposedMessage, MemoryAttachment, StreamAttachment } from "./input.ts";
import { formatListFields } from "./list-field.ts";
import { priorityFields } from "./priority-field.ts";
import type { Mailbox } from "./mailbox.ts";
import { createMessageId, judgeMessageId, judgeReferences } from "./message-id.ts";
import { contain, layOut, type Part } from "./part.ts";
import { judgeBody, judgeUnstructured } from "./text-judge.ts";
import { textPart } from "./text-part.ts";

const KEYS: ReadonlySet<string> = new Set(
  (
    "from sender to cc bcc replyTo subject text html alternatives attachments calendar list headers messageId date " +
    "inReplyTo references priority envelope dsn requireTls"
  ).split(" "),
);
const ENVELOPE_KEYS: ReadonlySet<string> = new Set(["from", "to"]);
const MESSAGE = { field: "", code: "MAIL_INPUT_MESSAGE", name: "message", explain: explainMessage } as const;
const NO_ENVELOPE: NonNullable<ComposedMessage["envelope"]> = withoutPrototype({});
const ENVELOPE = { field: "envelope", code: "MAIL_INPUT_MESSAGE" } as const;

interface Parties {
  readonly from: readonly [Address, ...Address[]];
  readonly sender: Address | undefined;
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
}

/** Throws `InputError`. Opens no connection. Returns a promise only if attachments are files, which it checks to be readable. */
export function compose(given: ComposedMessage, handed: HandedOver): PreparedMessage | Promise<PreparedMessage> {
  const message = readOptions(given, KEYS, MESSAGE);
  const attachments = readAttachments(message.attachments);
  return isHeld(attachments)
    ? assemble(
        message,
        attachments.map((attachment, index) => heldPart(attachment, fieldAt(index), handed)),
      )
    : composeWithFiles(message, attachments, handed);
}

async function composeWithFiles(
  message: ComposedMessage,
  attachments: readonly Attachment[],
  handed: HandedOver,
): Promise<PreparedMessage> {
  const parts: AttachmentPart[] = [];
  // One after the other, so that the error is about the first bad one.
  for (const [index, attachment] of attachments.entries())
    parts.push(
      isFile(attachment) ? await filePart(attachment, fieldAt(index)) : heldPart(attachment, fieldAt(index), handed),
    );
  return assemble(message, parts);
}

function isHeld(attachments: readonly Attachment[]): attachments is readonly (MemoryAttachment | StreamAttachment)[] {
  return !attachments.some(isFile);
}

function fieldAt(index: number): string {
  return `attachments[${index}]`;
}

function assemble(message: ComposedMessage, attachments: readonly AttachmentPart[]): PreparedMessage {
  const parties = parseParties(message);
  const envelope = envelopeOf(message, parties);
  const messageId =
    message.messageId === undefined
      ? createMessageId(parties.from[0].mailbox.domain)
      : judgeMessageId(message.messageId, "messageId");
  const priority = message.priority === undefined ? "" : priorityFields(message.priority);
  const further = furtherFields(message.headers, priority !== "");
  const header =
    dateField(message.date) +
    partyFields(parties) +
    subjectField(message.subject) +
    formatField("Message-ID", [messageId]) +
    referenceField("In-Reply-To", message.inReplyTo, "inReplyTo") +
    referenceField("References", message.references, "references") +
    formatListFields(message.list) +
    priority +
    further.text +
    "MIME-Version: 1.0\r\n";
  const utf8Header = isUtf8(parties) || further.utf8;
  return {
    messageId,
    envelope,
    smtpUtf8: utf8Header || envelope.utf8,
    dsn: judgeDsn(message.dsn),
    requireTls: judgeFlag(message.requireTls, "requireTls"),
    content: composedContent([header, ...layOut(rootPart(message, arrange(message, attachments)))], utf8Header),
  };
}

function parseParties(message: ComposedMessage): Parties {
  const [first, ...others] = parseAddresses(message.from, "from");
  if (first === undefined)
    throw new InputError("MAIL_INPUT_ADDRESS", "from", "is missing: a message says who wrote it.");
  const sender = message.sender === undefined ? undefined : parseAddress(message.sender, "sender");
  if (others.length > 0 && sender === undefined) {
    throw new InputError("MAIL_INPUT_ADDRESS", "sender", "is missing: if from names several, it says which one sends.");
  }
  return {
    from: [first, ...others],
    sender,
    replyTo: parseAddresses(message.replyTo, "replyTo"),
    to: parseAddresses(message.to, "to"),
    cc: parseAddresses(message.cc, "cc"),
    bcc: parseAddresses(message.bcc, "bcc"),
  };
}

/** Whether the header shows an address with a local part that is not ASCII. */
function isUtf8({ from, sender, replyTo, to, cc }: Parties): boolean {
  return sender?.mailbox.utf8 === true || [from, replyTo, to, cc].some(areUtf8);
}

function envelopeOf(message: ComposedMessage, parties: Parties): PreparedMessage["envelope"] {
  const { envelope: given = NO_ENVELOPE } = message;
  const { from, to } = given === NO_ENVELOPE ? given : readOptions(given, ENVELOPE_KEYS, ENVELOPE);
  const reversePath =
    from === undefined ? (parties.sender ?? parties.from[0]).mailbox : parseReversePath(from, "envelope.from");
  const forwardPaths = to === undefined ? recipientsOf(parties) : parsePaths(to, "envelope.to");
  return createEnvelope(reversePath, forwardPaths);
}

/** By loops, as every message comes through here: joining three lists costs more. */
function recipientsOf({ to, cc, bcc }: Parties): readonly Mailbox[] {
  const recipients: Mailbox[] = [];
  for (const addresses of [to, cc, bcc]) for (const { mailbox } of addresses) recipients.push(mailbox);
  return recipients;
}

/** No Bcc: those recipients are only in the envelope. */
function partyFields(parties: Parties): string {
  return (
    addressField("From", parties.from) +
    addressField("Sender", parties.sender === undefined ? [] : [parties.sender]) +
    addressField("Reply-To", parties.replyTo) +
    addressField("To", parties.to) +
    addressField("Cc", parties.cc)
  );
}

function addressField(name: string, addresses: readonly Address[]): string {
  return addresses.length === 0 ? "" : formatField(name, addressTokens(addresses));
}

function subjectField(subject: string | undefined): string {
  if (subject === undefined) return "";
  judgeUnstructured(subject, "subject", "MAIL_INPUT_HEADER");
  return formatUnstructured("Subject", subject);
}

function referenceField(name: string, input: string | readonly string[] | undefined, field: string): string {
  const references = input === undefined ? [] : judgeReferences(input, field);
  return references.length === 0 ? "" : formatField(name, references);
}

interface Arranged {
  readonly inline: readonly Part[];
  readonly attached: readonly Part[];
}

const NOTHING: Arranged = { inline: [], attached: [] };

/** Separates the attachments that the HTML shows from the others. */
function arrange({ html }: ComposedMessage, parts: readonly AttachmentPart[]): Arranged {
  if (parts.length === 0) return NOTHING;
  const inline: Part[] = [];
  const attached: Part[] = [];
  const contentIds = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const { contentId } = part;
    if (contentId !== undefined && contentIds.has(contentId)) {
      throw new InputError(
        "MAIL_INPUT_ATTACHMENT",
        `${fieldAt(index)}.contentId`,
        "is also the id of another attachment.",
      );
    }
    if (contentId !== undefined) contentIds.add(contentId);
    const isShown = html !== undefined && contentId !== undefined && part.mayBeShown;
    (isShown ? inline : attached).push(part);
  }
  return { inline, attached };
}

/** mixed(related(alternative(text, alternatives…, html, calendar), inline…), attachments…), without the containers that would hold less than two. */
function rootPart({ text, html, alternatives, calendar }: ComposedMessage, { inline, attached }: Arranged): Part {
  const bodies: Part[] = [];
  if (text !== undefined) bodies.push(bodyPart(text, "plain", "text"));
  if (alternatives !== undefined) bodies.push(...alternativeParts(alternatives));
  if (html !== undefined) bodies.push(bodyPart(html, "html", "html"));
  if (calendar !== undefined) bodies.push(calendarPart(calendar));
  if (bodies.length === 0 && attached.length === 0) bodies.push(bodyPart("", "plain", "text"));
  const body =
    bodies.length === 0 ? [] : [contain("multipart/related", [contain("multipart/alternative", bodies), ...inline])];
  // Some programs show nothing if the outermost part is an attachment.
  return attached.length === 0
    ? contain("multipart/mixed", body)
    : { type: "multipart/mixed", parts: [...body, ...attached] };
}

function bodyPart(text: string, subtype: string, field: string): Part {
  judgeBody(text, field, "MAIL_INPUT_MESSAGE");
  return textPart(text, `text/${subtype}`);
}
