/** What an attachment says about itself: its media type and charset, its name, its identifier and how it is shown. */
import { InputError, type InputErrorCode } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { formatField } from "./header-field.ts";
import type { Attachment } from "./input.ts";
import { guessMediaType, judgeMediaType } from "./media-type.ts";
import { parameterSections } from "./parameter.ts";
import { isAscii, judgeName } from "./text-judge.ts";

/** What a part says about itself, judged. */
export interface Label {
  readonly field: string;
  /** The media type and its parameters, without semicolons. */
  readonly type: readonly string[];
  /** Whether the type comes from the filename alone: then it is a guess, which the octets may refute. */
  readonly isGuessed: boolean;
  /** The fields after the encoding. */
  readonly fields: string;
  readonly contentId: string | undefined;
  readonly mayBeShown: boolean;
}

export const OCTETS = "application/octet-stream";
const LONGEST_FILENAME = 255;
/** RFC 2392: the text between the angle brackets, and after `cid:`. */
const CONTENT_ID = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+(?:@[A-Za-z0-9\-._[\]:]+)?$/;

/** `name`: the file's name, if the attachment is a file. */
export function labelOf(attachment: Attachment, field: string, name: string | undefined): Label {
  const filename = attachment.filename === undefined ? name : attachment.filename;
  if (filename !== undefined)
    judgeFilename(filename, attachment.filename === undefined ? `${field}.path` : `${field}.filename`);
  const { contentId, contentType } = attachment;
  if (contentId !== undefined) judgeContentId(contentId, `${field}.contentId`);
  const isGuessed = contentType === undefined;
  return {
    field,
    type: isGuessed ? [guessMediaType(filename)] : judgeMediaType(contentType, `${field}.contentType`),
    isGuessed,
    fields:
      (contentId === undefined ? "" : formatField("Content-ID", [`<${contentId}>`])) +
      dispositionField(attachment, filename, field),
    contentId,
    mayBeShown: attachment.disposition !== "attachment",
  };
}

export function isMessage({ type }: Label): boolean {
  return isMessageType(type);
}

export function isMessageType([type = ""]: readonly string[]): boolean {
  return /^message\//i.test(type);
}

export function lacksCharset({ type }: Label): boolean {
  return isTextType(type) && charsetIn(type) === undefined;
}

export function isTextType([type = ""]: readonly string[]): boolean {
  return /^text\//i.test(type);
}

/** Text that is not UTF-8 gets no charset: without one, a guessed text would claim to be ASCII (RFC 2046 section 4.1.2). */
export function textType({ type, isGuessed }: Label, isUtf8: boolean): readonly string[] {
  if (isUtf8) return [...type, "charset=utf-8"];
  return isGuessed ? [OCTETS] : type;
}

/** A string is sent as UTF-8, and must not say that it is something else. */
export function judgeCharset(
  { type, field }: Pick<Label, "type" | "field">,
  content: string,
  code: InputErrorCode = "MAIL_INPUT_ATTACHMENT",
): void {
  const charset = charsetIn(type);
  if (charset === undefined || /^utf-?8$/i.test(charset) || (isAscii(content) && !/^utf-?(?:16|32)/i.test(charset)))
    return;
  throw new InputError(
    code,
    `${field}.contentType`,
    `says that the text is in ${shown(charset)}, and a string is sent as UTF-8. Leave the charset out, or pass the octets.`,
  );
}

export function charsetIn([, ...parameters]: readonly string[]): string | undefined {
  const found = parameters.find((piece) => /^charset=/i.test(piece));
  return found?.slice("charset=".length).replaceAll('"', "");
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

export function separated(pieces: readonly string[]): readonly string[] {
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece};` : piece));
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ATTACHMENT", field, why);
}
