/** Attachments: judged before connecting, read while sending, base64 on the wire. */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import { base64Size, encodeBase64Stream, putBase64 } from "./base64.ts";
import { once } from "./content.ts";
import type { HandedOver } from "./handed-over.ts";
import { formatField } from "./header-field.ts";
import type { Attachment, FileAttachment, MemoryAttachment, StreamAttachment } from "./input.ts";
import { LineJudge } from "./line-judge.ts";
import { guessMediaType, judgeMediaType } from "./media-type.ts";
import { type OctetSource, openFile, openStream } from "./octet-source.ts";
import { octetsOf } from "./octets.ts";
import { explainAttachment } from "./other-names.ts";
import { parameterSections } from "./parameter.ts";
import type { EncodedBody, LeafPart, TextBody } from "./part.ts";
import { judgeEncodable, judgeName } from "./text-judge.ts";

export interface AttachmentPart extends LeafPart {
  readonly contentId: string | undefined;
  /** Whether it may go beside the HTML, as something that the HTML shows. */
  readonly mayBeShown: boolean;
}

const KEYS: ReadonlySet<string> = new Set([
  "path",
  "content",
  "source",
  "size",
  "filename",
  "contentType",
  "contentId",
  "disposition",
]);
const LONGEST_FILENAME = 255;
/** RFC 2392: the text between the angle brackets, and after `cid:`. */
const CONTENT_ID = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+(?:@[A-Za-z0-9\-._[\]:]+)?$/;

/** The caller's attachments, each with exactly one source. Throws `InputError`. */
export function readAttachments(given: readonly Attachment[] | undefined): readonly Attachment[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw refusal("attachments", "is not an array.");
  return readList<Attachment>(given, { field: "attachments", code: "MAIL_INPUT_ATTACHMENT" }).map((one, index) => {
    const field = `attachments[${index}]`;
    const attachment = readOptions(one, KEYS, { field, code: "MAIL_INPUT_MESSAGE", explain: explainAttachment });
    if (["path", "content", "source"].filter((key) => key in attachment).length !== 1) {
      throw refusal(field, "needs exactly one of path, content and source.");
    }
    if ("size" in attachment && attachment.size !== undefined && !("source" in attachment))
      throw refusal(`${field}.size`, "belongs to a source: the size of a file and of octets is seen. Leave it out.");
    return attachment;
  });
}

export function isFile(attachment: Attachment): attachment is FileAttachment {
  return "path" in attachment;
}

/** An attachment in a file, checked to be readable. Rejects with `InputError` (`MAIL_INPUT_ATTACHMENT`). */
export async function filePart(attachment: FileAttachment, field: string): Promise<AttachmentPart> {
  const file = await openFile(attachment.path, { code: "MAIL_INPUT_ATTACHMENT", field: `${field}.path` });
  return attachmentPart(attachment, field, file, file.filename);
}

/** An attachment in the caller's memory or stream. Throws `InputError` (`MAIL_INPUT_ATTACHMENT`). */
export function heldPart(
  attachment: MemoryAttachment | StreamAttachment,
  field: string,
  handed: HandedOver,
): AttachmentPart {
  return attachmentPart(attachment, field, sourceOf(attachment, field, handed), undefined);
}

function sourceOf(
  attachment: MemoryAttachment | StreamAttachment,
  field: string,
  handed: HandedOver,
): Uint8Array | OctetSource {
  if ("source" in attachment) {
    const place = { code: "MAIL_INPUT_ATTACHMENT", field: `${field}.source` } as const;
    return openStream(attachment.source, attachment.size, place, handed);
  }
  const { content } = attachment;
  const octets = octetsOf(content);
  if (octets !== undefined) return octets;
  if (typeof content !== "string") throw refusal(`${field}.content`, "is neither text nor a Uint8Array.");
  judgeEncodable(content, `${field}.content`, "MAIL_INPUT_ATTACHMENT");
  return Buffer.from(content);
}

/** `name`: the file's name, if the attachment is a file. */
function attachmentPart(
  attachment: Attachment,
  field: string,
  octets: Uint8Array | OctetSource,
  name: string | undefined,
): AttachmentPart {
  const filename = attachment.filename === undefined ? name : attachment.filename;
  if (filename !== undefined)
    judgeFilename(filename, attachment.filename === undefined ? `${field}.path` : `${field}.filename`);
  const { contentId } = attachment;
  if (contentId !== undefined) judgeContentId(contentId, `${field}.contentId`);
  const type = mediaType(attachment, filename, field);
  const embedded = /^message\//i.test(type[0] ?? "");
  return {
    type: type[0] ?? "",
    fields: [
      formatField("Content-Type", separated(type)),
      formatField("Content-Transfer-Encoding", [embedded ? "7bit" : "base64"]),
      contentId === undefined ? "" : formatField("Content-ID", [`<${contentId}>`]),
      dispositionField(attachment, filename, field),
    ].join(""),
    body: embedded ? embeddedMessage(octets, field) : encoded(octets),
    contentId,
    mayBeShown: attachment.disposition !== "attachment",
  };
}

/** Base64 is never command-like, whatever octets are read later. */
function encoded(octets: Uint8Array | OctetSource): EncodedBody {
  if (!(octets instanceof Uint8Array)) {
    return {
      commandFree: true,
      size: octets.size === undefined ? undefined : base64Size(octets.size),
      replayable: octets.replayable,
      open: () => encodeBase64Stream(octets.open()),
    };
  }
  return {
    commandFree: true,
    size: base64Size(octets.length),
    replayable: true,
    put: (target, at) => putBase64(octets, target, at),
    open: () => encodeBase64Stream(once(octets)),
  };
}

/**
 * An embedded message is never base64 (RFC 2046 section 5.2.1), and composed messages are 7-bit. So it has to be 7-bit
 * itself, and its lines are judged: its line ends could otherwise end this message.
 */
function embeddedMessage(octets: Uint8Array | OctetSource, field: string): TextBody {
  const advice = "Attach it with the content type application/octet-stream and a filename that ends in .eml.";
  if (!(octets instanceof Uint8Array)) {
    throw refusal(field, `a message is embedded from memory only: read it, and pass it as content. ${advice}`);
  }
  const lines = new LineJudge({ code: "MAIL_INPUT_ATTACHMENT", field }, () => false);
  const judged = Buffer.concat([lines.judge(octets), lines.end()]);
  if (lines.eightBit)
    throw refusal(field, `is a message with octets over 127, which cannot be embedded as it is. ${advice}`);
  return {
    text: judged.toString("latin1").replace(/\r\n$/, ""),
    // defence: embedded-message-without-commands
    commandFree: !lines.commandLike,
  };
}

function mediaType(attachment: Attachment, filename: string | undefined, field: string): readonly string[] {
  const { contentType } = attachment;
  const type =
    contentType === undefined ? [guessMediaType(filename)] : judgeMediaType(contentType, `${field}.contentType`);
  const isText = contentType === undefined || ("content" in attachment && typeof attachment.content === "string");
  const lacksCharset = /^text\//i.test(type[0] ?? "") && !type.some((piece) => /^charset=/i.test(piece));
  return isText && lacksCharset ? [...type, "charset=utf-8"] : type;
}

function dispositionField(attachment: Attachment, filename: string | undefined, field: string): string {
  const { disposition = attachment.contentId === undefined ? "attachment" : "inline" } = attachment;
  if (disposition !== "attachment" && disposition !== "inline") {
    throw refusal(`${field}.disposition`, 'is neither "attachment" nor "inline".');
  }
  const sections = filename === undefined ? [] : parameterSections("filename", filename);
  return formatField("Content-Disposition", separated([disposition, ...sections]));
}

/** A filename is a name, not a path: the recipient's mail program may save the file where the path says. */
function judgeFilename(filename: string, field: string): void {
  judgeName(filename, field, "MAIL_INPUT_ATTACHMENT");
  if (
    filename === "" ||
    filename === "." ||
    filename === ".." ||
    filename.length > LONGEST_FILENAME ||
    /[/\\]/.test(filename)
  ) {
    throw refusal(
      field,
      `"${shown(filename)}" is not a filename: 1 to 255 characters without / and \\. Give the attachment another filename.`,
    );
  }
}

function judgeContentId(contentId: string, field: string): void {
  judgeName(contentId, field, "MAIL_INPUT_ATTACHMENT");
  if (contentId.length > LONGEST_FILENAME || !CONTENT_ID.test(contentId)) {
    throw refusal(
      field,
      `"${shown(contentId)}" is not a content id: write logo, or logo@example.org, without angle brackets.`,
    );
  }
}

function separated(pieces: readonly string[]): readonly string[] {
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece};` : piece));
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ATTACHMENT", field, why);
}
