/** Media types of parts (RFC 2045 section 5): judged if given, guessed by the filename's extension if not. */
import { InputError, type InputErrorCode } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { judgeLine } from "./text-judge.ts";

const byExtension: ReadonlyMap<string, string> = new Map([
  ["csv", "text/csv"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["eml", "message/rfc822"],
  ["gif", "image/gif"],
  ["gz", "application/gzip"],
  ["htm", "text/html"],
  ["html", "text/html"],
  ["ics", "text/calendar"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["json", "application/json"],
  ["mp3", "audio/mpeg"],
  ["mp4", "video/mp4"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["svg", "image/svg+xml"],
  ["txt", "text/plain"],
  ["webp", "image/webp"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["xml", "application/xml"],
  ["zip", "application/zip"],
]);
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`{|}~-]+";
const TYPE = new RegExp(`^${TOKEN}/${TOKEN}$`);
const PARAMETER = new RegExp(`^(${TOKEN})=(?:${TOKEN}|"[^"\\\\;]*")$`);
const LONGEST = 400;

export function guessMediaType(filename: string | undefined): string {
  const extension = /\.([A-Za-z0-9]+)$/.exec(filename ?? "")?.[1] ?? "";
  return byExtension.get(extension.toLowerCase()) ?? "application/octet-stream";
}

/** The type and its parameters as pieces between which to fold, without semicolons. Throws `InputError`. */
export function judgeMediaType(
  text: string,
  field: string,
  code: InputErrorCode = "MAIL_INPUT_ATTACHMENT",
): readonly string[] {
  judgeLine(text, field, code);
  const pieces = text.split(";").map((piece) => piece.trim());
  const [type = "", ...parameters] = pieces;
  const sound =
    /^[\x20-\x7e]*$/.test(text) &&
    text.length <= LONGEST &&
    TYPE.test(type) &&
    parameters.every((piece) => PARAMETER.test(piece));
  if (!sound)
    throw new InputError(
      code,
      field,
      `"${shown(text)}" is not a media type. Write type/subtype, e.g. application/pdf.`,
    );
  if (/^multipart\//i.test(type))
    throw new InputError(
      code,
      field,
      "a multipart cannot be attached: attach its parts, or the whole as application/octet-stream.",
    );
  if (parameters.some((piece) => /^name\b/i.test(piece)))
    throw new InputError(code, field, "has a name of its own. Use filename, so that a file has one name.");
  return pieces;
}
