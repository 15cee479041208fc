/** The tree of MIME parts (RFC 2046), and how it becomes the octets of a message. */
import { randomUUID } from "node:crypto";
import { formatField } from "./header-field.ts";
import type { OctetSource } from "./octet-source.ts";

/** The encoded body of a part. `commandFree`: its maker knows that no line of it is command-like. */
type PartBody = TextBody | EncodedBody;

/** A body that is text in memory. */
export interface TextBody {
  readonly text: string;
  readonly commandFree: boolean;
}

/** A body that is read when it is sent; unless it is empty, it ends with CRLF. */
export interface EncodedBody extends OctetSource {
  readonly commandFree: boolean;
  /** If it has octets over 127: the attached message that has them, as the caller would name it. */
  readonly eightBitIn: string | undefined;
}

/** The body of a part, or unjudged text: header fields and what comes between parts. */
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

/** Everything after the message's own fields: the fields of the outermost part, an empty line and its body. */
export function layOut(part: Part): readonly Segment[] {
  return endsLine(part) ? segments(part) : [...segments(part), "\r\n"];
}

/** The parts in a container, or the part itself if there is only one. */
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
      // The CRLF before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1), so text gets an extra one.
      isMulti(inner) || isText(inner.body) ? "\r\n" : "",
    ]),
    `--${boundary}--`,
  ];
}

/**
 * Random, so that the author of a part cannot know it and end the part early. `=_` occurs in no quoted-printable or
 * base64 text, and the letter keeps the boundaries of nested containers from being prefixes of each other.
 */
function createBoundary(type: MultiPart["type"]): string {
  return `=_${type.charAt("multipart/".length)}_${randomUUID()}`;
}

function multiFields(part: MultiPart, boundary: string): string {
  const parameters = [`boundary="${boundary}"`];
  // A container says so too (RFC 2045 section 6.4).
  const encoding = isEightBit(part) ? formatField("Content-Transfer-Encoding", ["8bit"]) : "";
  // The type of the root part is a required parameter (RFC 2387 section 3.1).
  if (part.type === "multipart/related") parameters.unshift(`type="${part.parts[0]?.type ?? ""}";`);
  return formatField("Content-Type", [`${part.type};`, ...parameters]) + encoding;
}

/** Looks for an own property only: `Object.prototype` may be polluted with any name. */
export function isText(body: PartBody): body is TextBody {
  return Object.hasOwn(body, "text");
}

function isEightBit(part: Part): boolean {
  if (isMulti(part)) return part.parts.some(isEightBit);
  return !isText(part.body) && part.body.eightBitIn !== undefined;
}

function isMulti(part: Part): part is MultiPart {
  return Object.hasOwn(part, "parts");
}

function endsLine(part: Part): boolean {
  if (isMulti(part)) return false;
  return !isText(part.body) || part.body.text === "" || part.body.text.endsWith("\r\n");
}
