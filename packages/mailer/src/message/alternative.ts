/** Further forms of the body beside text and HTML, in the caller's order (RFC 2046 section 5.1.4). */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import { charsetIn, isMessageType, isTextType, judgeCharset, separated } from "./attachment-label.ts";
import { encodedOctets } from "./attachment.ts";
import { formatField } from "./header-field.ts";
import type { Alternative } from "./input.ts";
import { judgeMediaType } from "./media-type.ts";
import { octetsOf } from "./octets.ts";
import type { LeafPart } from "./part.ts";
import { judgeBody } from "./text-judge.ts";
import { textPart } from "./text-part.ts";
import { isUtf8Text } from "./utf8-text.ts";

const KEYS: ReadonlySet<string> = new Set(["contentType", "content"]);
const PLACE = { field: "alternatives", code: "MAIL_INPUT_MESSAGE" } as const;

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`). */
export function alternativeParts(given: readonly Alternative[] | undefined): readonly LeafPart[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw refusal("alternatives", "is not an array.");
  return readList<Alternative>(given, PLACE).map((one, index) => alternativePart(one, `alternatives[${index}]`));
}

function alternativePart(given: Alternative, field: string): LeafPart {
  const { contentType, content } = readOptions(given, KEYS, { ...PLACE, field });
  const type = judgeMediaType(contentType, `${field}.contentType`, PLACE.code);
  if (isMessageType(type)) throw refusal(`${field}.contentType`, "is a message, which is attached instead.");
  const octets = octetsOf(content);
  if (octets !== undefined) return octetsPart(type, octets);
  if (typeof content !== "string") throw refusal(`${field}.content`, "is neither text nor a Uint8Array.");
  judgeBody(content, `${field}.content`, PLACE.code);
  judgeCharset({ type, field }, content, PLACE.code);
  const [bare = "", ...parameters] = type;
  if (!isTextType(type)) return octetsPart(type, Buffer.from(content));
  const others = parameters.filter((piece) => !/^charset=/i.test(piece));
  return textPart(content, bare, others.map((piece) => `;\r\n ${piece}`).join(""));
}

function octetsPart(type: readonly string[], octets: Uint8Array): LeafPart {
  const saysCharset = isTextType(type) && charsetIn(type) === undefined && isUtf8Text(octets);
  return {
    type: type[0] ?? "",
    fields:
      formatField("Content-Type", separated(saysCharset ? [...type, "charset=utf-8"] : type)) +
      formatField("Content-Transfer-Encoding", ["base64"]),
    body: encodedOctets(octets),
  };
}

function refusal(field: string, why: string): InputError {
  return new InputError(PLACE.code, field, why);
}
