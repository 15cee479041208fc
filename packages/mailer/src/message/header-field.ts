/** Header fields (RFC 5322 section 2.2), folded, and made so that one cannot become two. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import { encodedWords, needsEncoding } from "./encoded-word.ts";
import type { ComposedMessage, HeaderInput } from "./input.ts";
import { judgeLine, judgeUnstructured } from "./text-judge.ts";

/** The limit of RFC 2047 section 2 for lines with encoded words; it is within the 78 that RFC 5322 section 2.1.1 advises for all. */
const WIDTH = 76;
/** A longer name leaves no room for an encoded word beside it. */
const WIDE_NAME = 40;
const LONGEST_NAME = 76;
const FTEXT = /^[!-9;-~]+$/;
const PLACE = { field: "headers", code: "MAIL_INPUT_MESSAGE" } as const;
const KEYS: ReadonlySet<string> = new Set(["name", "value"]);

/** Which option writes the fields that `headers` may not. */
const owners: ReadonlyMap<string, string> = new Map([
  ...["from", "sender", "to", "cc", "bcc", "subject", "date", "references"].map((name) => [name, name] as const),
  ["reply-to", "replyTo"],
  ["message-id", "messageId"],
  ["in-reply-to", "inReplyTo"],
  ...["help", "id", "unsubscribe", "subscribe", "post", "owner", "archive"].map(
    (name) => [`list-${name}`, `list.${name}`] as const,
  ),
  ["list-unsubscribe-post", "list.unsubscribePost"],
]);
/** Fields that only the composer or a server on the way writes. */
const UNOFFERED = /^(?:mime-version|content-.*|resent-.*|return-path|received)$/;

/** `tokens` are joined by single spaces and folded at them; the line ends with CRLF. */
export function formatField(name: string, tokens: readonly string[]): string {
  // Nearly every field needs no folding.
  const line = `${name}: ${tokens.join(" ")}`;
  if (line.length <= WIDTH) return `${line}\r\n`;
  let field = `${name}:`;
  let column = field.length;
  for (const [index, token] of tokens.entries()) {
    const fits = column + 1 + token.length <= WIDTH || (index === 0 && name.length <= WIDE_NAME);
    if (!fits) column = 0;
    field += fits ? ` ${token}` : `\r\n ${token}`;
    column += 1 + token.length;
  }
  return `${field}\r\n`;
}

/** A field of free text, which must have been judged. */
export function formatUnstructured(name: string, text: string): string {
  if (!needsEncoding(text)) {
    const line = `${name}: ${text}`;
    return line.length <= WIDTH ? `${line}\r\n` : formatField(name, text.split(" "));
  }
  const first = name.length > WIDE_NAME ? WIDTH - 1 : WIDTH - 2 - name.length;
  return formatField(name, encodedWords(text, WIDTH - 1, first));
}

/** The caller's additional fields. Throws `InputError` (`MAIL_INPUT_HEADER`). */
export function formatHeaders(headers: ComposedMessage["headers"]): string {
  if (headers === undefined) return "";
  if (typeof headers !== "object" || headers === null) throw refusal("headers", "is neither an array nor a record.");
  return listOf(headers)
    .map(({ name, value }, index) => {
      judgeFieldName(name, Array.isArray(headers) ? `headers[${index}].name` : "headers");
      const field = `headers.${name}`;
      judgeUnstructured(value, field, "MAIL_INPUT_HEADER");
      return formatUnstructured(name, value);
    })
    .join("");
}

function listOf(headers: NonNullable<ComposedMessage["headers"]>): readonly HeaderInput[] {
  if (isList(headers))
    return readList(headers, PLACE).map((header, index) =>
      readOptions(header, KEYS, { ...PLACE, field: `headers[${index}]` }),
    );
  // The entries of a Map, or of a `Headers` object of fetch, are not properties: they would be silently lost.
  if (Symbol.iterator in headers) throw refusal("headers", "is neither an array nor a record.");
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function isList(headers: NonNullable<ComposedMessage["headers"]>): headers is readonly HeaderInput[] {
  return Array.isArray(headers);
}

function judgeFieldName(name: string, field: string): void {
  judgeLine(name, field, "MAIL_INPUT_HEADER");
  if (name.length > LONGEST_NAME || !FTEXT.test(name)) {
    throw refusal(
      field,
      `"${shown(name)}" is not a field name: 1 to 76 printable ASCII characters without space and colon.`,
    );
  }
  const lower = name.toLowerCase();
  const owner = owners.get(lower);
  if (owner !== undefined) throw refusal(field, `${name} is written from the option ${owner}: use that.`);
  if (UNOFFERED.test(lower)) throw refusal(field, `${name} cannot be set. Leave it out, or pass a ready-made message.`);
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_HEADER", field, why);
}
