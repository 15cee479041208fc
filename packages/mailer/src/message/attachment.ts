/** Attachments: judged before connecting, read while sending, base64 on the wire. */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import {
  isMessage,
  judgeCharset,
  type Label,
  labelOf,
  lacksCharset,
  OCTETS,
  separated,
  textType,
} from "./attachment-label.ts";
import { base64Size, encodeBase64Stream, putBase64 } from "./base64.ts";
import { once } from "./content.ts";
import type { HandedOver } from "./handed-over.ts";
import { AS_OCTETS, embeddedFile, embeddedOctets } from "./embedded-message.ts";
import { formatField } from "./header-field.ts";
import type { Attachment, FileAttachment, MemoryAttachment, StreamAttachment } from "./input.ts";
import { type OctetSource, openFile, openStream } from "./octet-source.ts";
import { octetsOf } from "./octets.ts";
import { explainAttachment } from "./other-names.ts";
import { type EncodedBody, isText, type LeafPart, type TextBody } from "./part.ts";
import { judgeEncodable } from "./text-judge.ts";
import { isUtf8Text, isUtf8TextIn } from "./utf8-text.ts";

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

/** The caller's attachments, each with exactly one source. Throws `InputError`. */
export function readAttachments(given: readonly Attachment[] | undefined): readonly Attachment[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw refusal("attachments", "is not an array.");
  return readList<Attachment>(given, { field: "attachments", code: "MAIL_INPUT_ATTACHMENT" }).map((one, index) => {
    const field = `attachments[${index}]`;
    const attachment = readOptions(one, KEYS, {
      field,
      code: "MAIL_INPUT_MESSAGE",
      explain: explainAttachment,
      instead: "give { path } for a file",
    });
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
  const label = labelOf(attachment, field, file.filename);
  if (isMessage(label)) {
    const place = { code: "MAIL_INPUT_ATTACHMENT", field } as const;
    const body = await embeddedFile(file, place).catch((error: unknown) => unlessGuessed(label, error));
    if (body !== undefined) return embeddedPart(label, body);
    return part(label, [OCTETS], encoded(file));
  }
  return part(label, lacksCharset(label) ? textType(label, await isUtf8TextIn(file)) : label.type, encoded(file));
}

/** An attachment in the caller's memory or stream. Throws `InputError` (`MAIL_INPUT_ATTACHMENT`). */
export function heldPart(
  attachment: MemoryAttachment | StreamAttachment,
  field: string,
  handed: HandedOver,
): AttachmentPart {
  if ("source" in attachment) return streamPart(attachment, field, handed);
  const octets = contentOf(attachment, field);
  const label = labelOf(attachment, field, undefined);
  if (isMessage(label)) {
    const body = embedded(octets, label);
    return body === undefined ? part(label, [OCTETS], encoded(octets)) : embeddedPart(label, body);
  }
  if (typeof attachment.content === "string") judgeCharset(label, attachment.content);
  if (!lacksCharset(label)) return part(label, label.type, encoded(octets));
  return part(label, textType(label, typeof attachment.content === "string" || isUtf8Text(octets)), encoded(octets));
}

/** Octets in memory as base64. */
export function encodedOctets(octets: Uint8Array): EncodedBody {
  return {
    commandFree: true,
    eightBitIn: undefined,
    size: base64Size(octets.length),
    replayable: true,
    put: (target, at) => putBase64(octets, target, at),
    open: () => encodeBase64Stream(once(octets)),
  };
}

/** Nobody has seen what a stream will give, so its text has no charset and its message is octets. */
function streamPart(attachment: StreamAttachment, field: string, handed: HandedOver): AttachmentPart {
  const place = { code: "MAIL_INPUT_ATTACHMENT", field: `${field}.source` } as const;
  const source = openStream(attachment.source, attachment.size, place, handed);
  const label = labelOf(attachment, field, undefined);
  if (!isMessage(label)) return part(label, lacksCharset(label) ? textType(label, false) : label.type, encoded(source));
  if (label.isGuessed) return part(label, [OCTETS], encoded(source));
  throw refusal(
    field,
    `a message is embedded from a file or from memory: read it, and pass it as content. ${AS_OCTETS}`,
  );
}

function contentOf({ content }: MemoryAttachment, field: string): Uint8Array {
  const octets = octetsOf(content);
  if (octets !== undefined) return octets;
  if (typeof content !== "string") {
    const isStream = typeof content === "object" && content !== null && Symbol.asyncIterator in content;
    const advice = isStream ? " A stream goes into source, best as a function that opens it." : "";
    throw refusal(`${field}.content`, `is neither text nor a Uint8Array.${advice}`);
  }
  judgeEncodable(content, `${field}.content`, "MAIL_INPUT_ATTACHMENT");
  return Buffer.from(content);
}

function part(
  label: Label,
  type: readonly string[],
  body: TextBody | EncodedBody,
  encoding: "base64" | "7bit" | "8bit" = "base64",
): AttachmentPart {
  return {
    type: type[0] ?? "",
    fields: [
      formatField("Content-Type", separated(type)),
      formatField("Content-Transfer-Encoding", [encoding]),
      label.fields,
    ].join(""),
    body,
    contentId: label.contentId,
    mayBeShown: label.mayBeShown,
  };
}

function embeddedPart(label: Label, body: TextBody | EncodedBody): AttachmentPart {
  const isSevenBit = isText(body) || body.eightBitIn === undefined;
  return part(label, label.type, body, isSevenBit ? "7bit" : "8bit");
}

/** Base64 is never command-like, whatever octets are read later. */
function encoded(octets: Uint8Array | OctetSource): EncodedBody {
  if (octets instanceof Uint8Array) return encodedOctets(octets);
  return {
    commandFree: true,
    eightBitIn: undefined,
    size: octets.size === undefined ? undefined : base64Size(octets.size),
    replayable: octets.replayable,
    open: () => encodeBase64Stream(octets.open()),
  };
}

function embedded(octets: Uint8Array, label: Label): TextBody | EncodedBody | undefined {
  try {
    return embeddedOctets(octets, { code: "MAIL_INPUT_ATTACHMENT", field: label.field });
  } catch (error) {
    return unlessGuessed(label, error);
  }
}

/** Octets that only a filename calls a message go as octets if they are none that can be embedded. */
function unlessGuessed({ isGuessed }: Label, error: unknown): undefined {
  if (isGuessed && error instanceof InputError) return undefined;
  throw error;
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ATTACHMENT", field, why);
}
