/** Puts the account's own address in place of every other author (`sender = "always"`): many servers take no other. */
import { parseAddressList } from "./address-list.ts";
import type { Field } from "./source.ts";

/** `isForeign`: whether an address is not the account's. The author before goes into Reply-To, if there is none. */
export function withOwnSender(
  fields: readonly Field[],
  own: string,
  isForeign: (address: string) => boolean,
): readonly Field[] {
  const from = fields.find(({ name }) => isNamed(name, "from"));
  if (from === undefined || !namesForeign(from, isForeign)) return fields.filter((field) => !isOther(field, isForeign));
  const hasReplyTo = fields.some(({ name }) => isNamed(name, "reply-to"));
  return [
    ...fields
      .filter((field) => !isOther(field, isForeign))
      .map((field) => (field === from ? { name: from.name, value: replaced(from, own) } : field)),
    ...(hasReplyTo ? [] : [{ name: "Reply-To", value: from.value }]),
  ];
}

/** One author keeps the name; several cannot share an address. */
function replaced({ name, value }: Field, own: string): string {
  const [first, ...others] = parseAddressList(value, name);
  const written = Buffer.from(own).toString("latin1");
  if (first === undefined || others.length > 0) return ` ${written}`;
  return value.slice(0, first.start) + written + value.slice(first.end);
}

/** A Sender that the server would refuse, and that From makes needless (RFC 5322 section 3.6.2). */
function isOther(field: Field, isForeign: (address: string) => boolean): boolean {
  return isNamed(field.name, "sender") && namesForeign(field, isForeign);
}

function namesForeign({ name, value }: Field, isForeign: (address: string) => boolean): boolean {
  return parseAddressList(value, name).some(({ address }) => isForeign(address));
}

function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted;
}
