/** The tree of MIME parts (RFC 2046), and how it becomes the octets of a message. */
import { randomUUID } from "node:crypto";
import { formatField } from "./header-field.ts";
import type { OctetSource } from "./octet-source.ts";

/** What a part holds, as it is written. Who made it says whether it is known that no line of it is command-like. */
type PartBody = TextBody | EncodedBody;

/** Text that is in memory already. */
export interface TextBody {
  readonly text: string;
  readonly commandFree: boolean;
}

/** Octets that are read when it is their turn, and end with CRLF if there are any. */
export interface EncodedBody extends OctetSource {
  readonly commandFree: boolean;
}

/** Fields and what stands between parts, which nobody has judged, or the body of a part. */
export type Segment = string | PartBody;

export interface LeafPart {
  /** The bare media type. */
  readonly type: string;
  /** Its header fields, each ending with CRLF. */
  readonly fields: string;
  readonly body: PartBody;
}

export interface MultiPart {
  readonly type: "multipart/mixed" | "multipart/related" | "multipart/alternative";
  readonly parts: readonly Part[];
}

export type Part = LeafPart | MultiPart;

/** What follows the message's own fields: the fields of the outermost part, an empty line and its body. */
export function layOut(part: Part): readonly Segment[] {
  return endsLine(part) ? segments(part) : [...segments(part), "\r\n"];
}

/** A container only where there is something to contain: one part needs none. */
export function contain(type: MultiPart["type"], parts: readonly Part[]): Part {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { type, parts };
}

function segments(part: Part): readonly Segment[] {
  if (!isMulti(part)) return [`${part.fields}\r\n`, part.body];
  const boundary = createBoundary(part.type);
  return [
    `${multiFields(part, boundary)}\r\n`,
    ...part.parts.flatMap((inner) => [
      `--${boundary}\r\n`,
      ...segments(inner),
      // The CRLF before a delimiter belongs to it (RFC 2046 section 5.1.1), so text gets one that is not its own.
      isMulti(inner) || isText(inner.body) ? "\r\n" : "",
    ]),
    `--${boundary}--`,
  ];
}

/**
 * Random, so that nobody who supplied a part could know it and end the part early. `=_` is in no quoted-printable or
 * base64 text, and the letter keeps the boundaries of nested containers from being prefixes of each other.
 */
function createBoundary(type: MultiPart["type"]): string {
  return `=_${type.charAt("multipart/".length)}_${randomUUID()}`;
}

function multiFields(part: MultiPart, boundary: string): string {
  const parameters = [`boundary="${boundary}"`];
  // RFC 2387 section 3.1: the type of the root part is a required parameter.
  if (part.type === "multipart/related") parameters.unshift(`type="${part.parts[0]?.type ?? ""}";`);
  return formatField("Content-Type", [`${part.type};`, ...parameters]);
}

/** By a property of its own: any name may stand on `Object.prototype`. */
export function isText(body: PartBody): body is TextBody {
  return Object.hasOwn(body, "text");
}

function isMulti(part: Part): part is MultiPart {
  return Object.hasOwn(part, "parts");
}

function endsLine(part: Part): boolean {
  if (isMulti(part)) return false;
  return !isText(part.body) || part.body.text === "" || part.body.text.endsWith("\r\n");
}
