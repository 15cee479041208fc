/** Mends header fields: text and names that are not ASCII become encoded words, and lines that are too long are folded. */
import { Buffer, isUtf8 } from "node:buffer";
import { parseAddressList } from "../address-list.ts";
import type { Field } from "../source.ts";
import { encodedNames } from "./display-names.ts";
import { encodedText, isAscii } from "./encoded-text.ts";
import { kindOf } from "./field-kind.ts";
import { folded, isTooLong, LONGEST_LINE } from "./fold.ts";
import { refusal } from "./refusal.ts";

/** RFC 2047 section 2, for a line with encoded words. */
const LONGEST_ENCODED = 76;

/** Throws `CommandError` (`CLI_INPUT`) for a line that cannot be folded. */
export function mendedField(field: Field): Field {
  const value = encodedValue(field);
  const isEncoded = value !== field.value;
  const mended = isEncoded || isTooLong(field) ? foldedField({ name: field.name, value }, isEncoded) : field;
  if (!isTooLong(mended)) return mended;
  throw refusal(
    `the header field ${field.name} has a line of more than ${LONGEST_LINE} octets, and no space at which it could be folded`,
  );
}

/** Octets that are not UTF-8 stay, and are refused later: nobody knows which letters they are. */
function encodedValue({ name, value }: Field): string {
  const kind = kindOf(name);
  if (isAscii(value) || !isUtf8(Buffer.from(value, "latin1"))) return value;
  // defence: no-encoded-word-in-a-format
  if (kind === "format") return value;
  if (kind !== "addresses") return encodedText(value);
  const before = addressesIn(name, value);
  if (before === undefined) return value;
  const encoded = encodedNames(value);
  // defence: mended-list-names-the-same
  return addressesIn(name, encoded) === before ? encoded : value;
}

function foldedField(field: Field, isEncoded: boolean): Field {
  const spacious = isTooLong(field) && kindOf(field.name) === "addresses" ? spaced(field) : field.value;
  const value = folded({ name: field.name, value: spacious }, isEncoded ? LONGEST_ENCODED : LONGEST_LINE);
  return { name: field.name, value };
}

/** With a space after each comma between two addresses, so that there is a place to fold at. */
function spaced({ name, value }: Field): string {
  const list = listOf(name, value) ?? [];
  let text = "";
  let at = 0;
  for (const { end } of list) {
    const comma = value.charAt(end) === ">" ? end + 1 : end;
    if (value.charAt(comma) !== "," || /[ \t\r]/.test(value.charAt(comma + 1))) continue;
    text += `${value.slice(at, comma + 1)} `;
    at = comma + 1;
  }
  return text + value.slice(at);
}

/** One text for the whole list, to compare it; `undefined` if it cannot be parsed. */
function addressesIn(name: string, value: string): string | undefined {
  return listOf(name, value)
    ?.map(({ address }) => address)
    .join("\n");
}

function listOf(name: string, value: string): ReturnType<typeof parseAddressList> | undefined {
  try {
    return parseAddressList(value, name);
  } catch {
    return undefined;
  }
}
