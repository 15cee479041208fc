/** Finds out whether a message is signed or encrypted: then nothing in it may change. */
import type { Source } from "../source.ts";

const FIELD = /^(?:dkim-|domainkey-|arc-)/i;
/** With white space removed, and in lower case: a type may be folded. */
const TYPE = /multipart\/(?:signed|encrypted)|pkcs7-(?:mime|signature)|pgp-(?:encrypted|signature)/;
const COMPOSITE = /^(?:multipart|message)\//;
const PGP = /^-----BEGIN PGP /m;
/** In a part of the message, whatever it is: what looks like one is taken for one. */
const IN_PART =
  /^(?:(?:dkim-signature|domainkey-signature|arc-(?:seal|message-signature))[ \t]*:|content-type:.*(?:[\r\n]+[ \t].*)?(?:\/signed|\/encrypted|pkcs7-|pgp-))/im;

/** What says so, for an error; `undefined` if nothing does. */
export function signatureOf({ fields, body }: Pick<Source, "fields" | "body">): string | undefined {
  const field = fields.find(({ name }) => FIELD.test(name));
  if (field !== undefined) return field.name;
  const types = fields.filter(({ name }) => /^content-type$/i.test(name)).map(({ value }) => bare(value));
  if (types.some((type) => TYPE.test(type))) return "its Content-Type";
  if (PGP.test(body)) return "a text in the armour of PGP";
  return types.some((type) => COMPOSITE.test(type)) && IN_PART.test(body) ? "one of its parts" : undefined;
}

function bare(value: string): string {
  return value.replace(/[ \t\r\n]+/g, "").toLowerCase();
}
