/** Makes certificates from sheets. Each label has one key, made once: cases differ only in names and signatures. */
import { forge, generateKeys, type KeyKind, type Keys } from "@postseal/lab";
import type { Sheet } from "./sheet.ts";

/** A subject with a key. Two parties may share a name, or a key. */
export interface Party {
  readonly name: string;
  readonly label: string;
}

/** PEM. Any party may be the issuer. The same certificate is made only once. */
export function certify(subject: Party, issuer: Party, sheet: Sheet): Promise<string> {
  const id = JSON.stringify([subject, issuer, sheet]);
  const certificate = made.get(id) ?? issue(subject, issuer, sheet);
  made.set(id, certificate);
  return certificate;
}

const made = new Map<string, Promise<string>>();

async function issue(subject: Party, issuer: Party, sheet: Sheet): Promise<string> {
  const { key = "p256" } = sheet;
  const [own, issuers] = await Promise.all([
    keysOf(subject.label, key),
    keysOf(issuer.label, subject.label === issuer.label ? key : "p256"),
  ]);
  return forge({ name: subject.name, keys: own }, { name: issuer.name, keys: issuers }, sheet);
}

/** PEM, PKCS #8. */
export async function privateKeyOf(label: string, kind: KeyKind = "p256"): Promise<string> {
  return (await keysOf(label, kind)).pem;
}

const known = new Map<string, Promise<Keys>>();

function keysOf(label: string, kind: KeyKind): Promise<Keys> {
  const id = `${label} ${kind}`;
  const keys = known.get(id) ?? generateKeys(kind);
  known.set(id, keys);
  return keys;
}
