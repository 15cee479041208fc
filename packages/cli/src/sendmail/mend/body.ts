/** Mends a body: a stray CR becomes a space, and a text with lines that no server has to take is encoded. */
import { Buffer, isUtf8 } from "node:buffer";
import type { Field, Source } from "../source.ts";
import { isAscii } from "./encoded-text.ts";
import { LONGEST_LINE } from "./fold.ts";
import { quotedPrintable } from "./quoted-printable.ts";
import { refusal } from "./refusal.ts";

type Message = Pick<Source, "fields" | "body">;

/** What the server takes. */
export interface Server {
  /** Octets over 127 (8BITMIME). */
  readonly takesEightBit: boolean;
}

/** Why a server might not take the body; `undefined` if it takes it as it is. Worded to follow "has". */
export function bodyFaultOf(body: string, server: Server): string | undefined {
  if (hasStrayReturn(body)) return "a CR without LF";
  return lineFaultOf(body, server);
}

/** Throws `CommandError` (`CLI_INPUT`) for what only the program that wrote it could mend. */
export function mendedBody(message: Message, server: Server): Message {
  if (bodyFaultOf(message.body, server) === undefined) return message;
  const body = hasStrayReturn(message.body) ? withoutReturns(message) : message.body;
  const fault = lineFaultOf(body, server);
  if (fault === undefined) return { fields: message.fields, body };
  if (!isPlainText(message.fields)) {
    throw refusal(
      `the message has ${fault}, and it is no single text without an encoding, so it cannot be encoded here. Let the program that wrote it use quoted-printable or base64`,
    );
  }
  return { fields: encodedFields(message.fields, body), body: quotedPrintable(body) };
}

function lineFaultOf(body: string, { takesEightBit }: Server): string | undefined {
  if (body.includes("\0")) return "a NUL";
  if (!takesEightBit && !isAscii(body)) return "octets over 127, which the server does not take (8BITMIME)";
  return body.split("\r\n").some((line) => line.length > LONGEST_LINE)
    ? `a line of more than ${LONGEST_LINE} octets`
    : undefined;
}

function hasStrayReturn(body: string): boolean {
  return /\r(?!\n)/.test(body);
}

/**
 * As Postfix 3.9 has it (cleanup_replace_stray_cr_lf). No server takes a space for a line end, so nothing can hide after it.
 * Octets that are not lines of text, such as an attachment without an encoding, would become others.
 */
function withoutReturns({ fields, body }: Message): string {
  const type = valueOf(fields, "content-type");
  const isBinary = valueOf(fields, "content-transfer-encoding") === "binary";
  const hasBinary = /^content-transfer-encoding:[ \t]*binary/im.test(body);
  if (isBinary || hasBinary || !/^(?:$|text\/|multipart\/|message\/)/.test(type))
    throw refusal("the message has a CR without LF, and it is not text, so nothing can take its place");
  return body
    .split("\r\n")
    .map((line) => untrailed(line).replaceAll("\r", " "))
    .join("\r\n");
}

/** `\r\r\n` is what a program writes that converts line ends twice. */
function untrailed(line: string): string {
  let end = line.length;
  while (end > 0 && line.charAt(end - 1) === "\r") end -= 1;
  return line.slice(0, end);
}

function isPlainText(fields: readonly Field[]): boolean {
  const named = (wanted: string): number => fields.filter(({ name }) => name.toLowerCase() === wanted).length;
  if (named("content-type") > 1 || named("content-transfer-encoding") > 1) return false;
  return (
    /^(?:$|text\/)/.test(valueOf(fields, "content-type")) &&
    /^(?:7bit|8bit)?$/.test(valueOf(fields, "content-transfer-encoding"))
  );
}

/** The caller's own type stays, since only the caller knows the charset. Without one, the octets are looked at. */
function encodedFields(fields: readonly Field[], body: string): readonly Field[] {
  const has = (wanted: string): boolean => fields.some(({ name }) => name.toLowerCase() === wanted);
  return [
    ...fields.filter(({ name }) => !/^content-transfer-encoding$/i.test(name)),
    ...(has("mime-version") ? [] : [{ name: "MIME-Version", value: " 1.0" }]),
    ...(has("content-type") ? [] : [{ name: "Content-Type", value: ` text/plain; charset=${charsetOf(body)}` }]),
    { name: "Content-Transfer-Encoding", value: " quoted-printable" },
  ];
}

/** RFC 1428 section 3 has a name for octets of which nobody knows the charset. */
function charsetOf(body: string): string {
  if (isAscii(body)) return "us-ascii";
  return isUtf8(Buffer.from(body, "latin1")) ? "utf-8" : "unknown-8bit";
}

/** In lower case, without white space; empty if there is none. */
function valueOf(fields: readonly Field[], wanted: string): string {
  const value = fields.find(({ name }) => name.toLowerCase() === wanted)?.value ?? "";
  return value.replace(/[ \t\r\n]+/g, "").toLowerCase();
}
