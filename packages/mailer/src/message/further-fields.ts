/** The header fields that a caller adds: judged by what kind of field each is, and written as that kind is. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import { addressTokens, areUtf8, parseAddresses } from "./address.ts";
import { needsEncodingAsGiven } from "./encoded-word.ts";
import { type FieldKind, judgeFieldName } from "./field-kind.ts";
import { canBeFolded, formatAsGiven, formatField, formatUnstructured } from "./header-field.ts";
import type { AddressesInput, HeaderInput, HeadersInput, HeaderValue, ReadyHeaderValue } from "./input.ts";
import { isPriorityField } from "./priority-field.ts";
import { isAscii, judgeUnstructured } from "./text-judge.ts";

export interface FurtherFields {
  readonly text: string;
  /** Whether an address in them has a local part that is not ASCII. */
  readonly utf8: boolean;
}

const PLACE = { field: "headers", code: "MAIL_INPUT_MESSAGE" } as const;
const KEYS: ReadonlySet<string> = new Set(["name", "value"]);
const READY_KEYS: ReadonlySet<string> = new Set(["ready"]);
const NONE: FurtherFields = { text: "", utf8: false };

/** `hasPriority`: the option priority writes fields of its own. Throws `InputError`: `MAIL_INPUT_HEADER`, or `MAIL_INPUT_ADDRESS` for a field with addresses. */
export function furtherFields(headers: HeadersInput | undefined, hasPriority: boolean): FurtherFields {
  if (headers === undefined) return NONE;
  if (typeof headers !== "object" || headers === null)
    throw refusal("headers", "is not an object with a property for each field, nor a list of them.");
  const isListed = Symbol.iterator in headers;
  let [text, utf8] = ["", false];
  for (const [index, { name, value }] of (isListed ? listed(headers) : recorded(headers)).entries()) {
    const kind = judgeFieldName(name, isListed ? `headers[${index}].name` : "headers");
    const field = `headers.${name}`;
    if (hasPriority && isPriorityField(name))
      throw refusal(field, "is written from the option priority: use one of them.");
    if (isReady(value)) text += readyField(name, value, field);
    else if (kind === "addresses") {
      const addresses = parseAddresses(value, field);
      if (addresses.length === 0) throw refusal(field, "is empty. Leave it out instead.");
      text += formatField(name, addressTokens(addresses));
      utf8 ||= areUtf8(addresses);
    } else text += textField(name, value, { kind, field });
  }
  return { text, utf8 };
}

function recorded(headers: Readonly<Record<string, HeaderValue>>): readonly HeaderInput[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

/** An array is read by index, anything else as it lists itself: the entries of a Map are not properties. */
function listed(headers: Extract<HeadersInput, Iterable<unknown>>): readonly HeaderInput[] {
  const items: readonly (HeaderInput | readonly [string, HeaderValue])[] = Array.isArray(headers)
    ? readList<HeaderInput | readonly [string, HeaderValue]>(headers, PLACE)
    : [...headers];
  return items.map((item, index) => {
    const field = `headers[${index}]`;
    if (!isPair(item)) return readOptions(item, KEYS, { ...PLACE, field });
    const [name, value, ...more] = readList<HeaderValue>(item, { ...PLACE, field });
    if (typeof name !== "string" || value === undefined || more.length > 0)
      throw refusal(field, "is not a pair of a name and a value.");
    return { name, value };
  });
}

function isPair(
  item: HeaderInput | readonly [name: string, value: HeaderValue],
): item is readonly [name: string, value: HeaderValue] {
  return Array.isArray(item);
}

function isReady(value: HeaderValue): value is ReadyHeaderValue {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "ready");
}

function readyField(name: string, given: ReadyHeaderValue, field: string): string {
  const { ready } = readOptions(given, READY_KEYS, { field, code: "MAIL_INPUT_MESSAGE" });
  judgeUnstructured(ready, `${field}.ready`, "MAIL_INPUT_HEADER");
  if (!isAscii(ready))
    throw refusal(`${field}.ready`, "is not ASCII, so it is not ready. Encode it (RFC 2047), or pass the text itself.");
  return asGiven(name, ready, `${field}.ready`);
}

function textField(
  name: string,
  value: AddressesInput,
  { kind, field }: { readonly kind: FieldKind; readonly field: string },
): string {
  if (typeof value !== "string")
    throw refusal(
      field,
      "is neither text nor { ready }. A field that is there twice is listed twice: [[name, value], …].",
    );
  judgeUnstructured(value, field, "MAIL_INPUT_HEADER");
  if (kind === "structured") {
    // An encoded word may stand only in text, in a comment or in a phrase (RFC 2047 section 5).
    if (!isAscii(value))
      throw refusal(
        field,
        "is not ASCII, and this field is not free text that could be encoded. Write it in ASCII, as its format requires: { ready: … }.",
      );
    return asGiven(name, value, field);
  }
  return needsEncodingAsGiven(value) ? formatUnstructured(name, value) : asGiven(name, value, field);
}

function asGiven(name: string, text: string, field: string): string {
  if (canBeFolded(name, text)) return formatAsGiven(name, text);
  throw refusal(
    field,
    `has so long a word that a line would be over 998 octets (RFC 5322 section 2.1.1), and lines are folded only at white space. Put spaces into it, if the field allows them: ${shown(text)}`,
  );
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_HEADER", field, why);
}
