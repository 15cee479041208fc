/** Makes certificates from sheets. A key belongs to a label, and is made once: only names and signatures make a case. */
import "reflect-metadata";
import { createHash, generateKeyPairSync, KeyObject, webcrypto } from "node:crypto";
import { cryptoProvider, Extension, X509CertificateGenerator } from "@peculiar/x509";
import type { KeyKind, Name, Purpose, Sheet, Usage } from "./sheet.ts";

cryptoProvider.set(webcrypto);

/** A subject with a key. Two parties may share a name, or a key. */
export interface Party {
  readonly name: string;
  readonly label: string;
}

/** PEM: who vouches for whom is up to the case. The same certificate is made once. */
export function certify(subject: Party, issuer: Party, sheet: Sheet): Promise<string> {
  const id = JSON.stringify([subject, issuer, sheet]);
  const certificate = made.get(id) ?? issue(subject, issuer, sheet);
  made.set(id, certificate);
  return certificate;
}

const made = new Map<string, Promise<string>>();

async function issue(subject: Party, issuer: Party, sheet: Sheet): Promise<string> {
  const keys = await keysOf(subject.label, sheet.key ?? "p256");
  const issuerKeys = await keysOf(issuer.label, subject.label === issuer.label ? (sheet.key ?? "p256") : "p256");
  const certificate = await X509CertificateGenerator.create({
    subject: nameOf(subject.name),
    issuer: nameOf(issuer.name),
    publicKey: keys.spki,
    signingKey: issuerKeys.signing ?? missing(issuer.label),
    signingAlgorithm: { name: "ECDSA", hash: sheet.hash ?? "SHA-256" },
    notBefore: day(sheet.from ?? -1),
    notAfter: day(sheet.until ?? 30),
    extensions: extensionsOf(sheet, keys.spki, issuerKeys.spki),
    ...(sheet.serial === undefined ? {} : { serialNumber: sheet.serial }),
  });
  return `${certificate.toString("pem")}\n`;
}

/** PEM, PKCS #8. */
export async function privateKeyOf(label: string, kind: KeyKind = "p256"): Promise<string> {
  return (await keysOf(label, kind)).pem;
}

interface Keys {
  readonly spki: Buffer;
  readonly pem: string;
  /** Only what authorities sign with. */
  readonly signing: webcrypto.CryptoKey | undefined;
}

const known = new Map<string, Promise<Keys>>();

function keysOf(label: string, kind: KeyKind): Promise<Keys> {
  const id = `${label} ${kind}`;
  const keys = known.get(id) ?? generate(kind);
  known.set(id, keys);
  return keys;
}

async function generate(kind: KeyKind): Promise<Keys> {
  const { publicKey, privateKey } = pairOf(kind);
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  return {
    spki: publicKey.export({ type: "spki", format: "der" }),
    pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    signing:
      kind === "p256"
        ? await webcrypto.subtle.importKey("pkcs8", pkcs8, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])
        : undefined,
  };
}

function pairOf(kind: KeyKind): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  switch (kind) {
    case "ed25519":
      return generateKeyPairSync("ed25519");
    case "ed448":
      return generateKeyPairSync("ed448");
    case "rsa1024":
      return generateKeyPairSync("rsa", { modulusLength: 1024 });
    case "rsa2048":
      return generateKeyPairSync("rsa", { modulusLength: 2048 });
    case "dsa":
      return generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 });
    default:
      return generateKeyPairSync("ec", { namedCurve: CURVES[kind] });
  }
}

const CURVES = {
  p192: "prime192v1",
  p224: "secp224r1",
  p256: "prime256v1",
  p384: "secp384r1",
  p521: "secp521r1",
  secp256k1: "secp256k1",
} as const;

function missing(label: string): never {
  throw new Error(`${label} has no key that signs certificates`);
}

function nameOf(name: string): { CN: string[] }[] {
  return name === "" ? [] : [{ CN: [name] }];
}

function day(count: number): Date {
  return new Date(Date.now() + count * 86_400_000);
}

function extensionsOf(sheet: Sheet, key: Buffer, issuerKey: Buffer): Extension[] {
  const { authority = false, names = [], permit = [], exclude = [] } = sheet;
  const usages = sheet.usages ?? (authority === true ? AUTHORITY : END);
  const purposes = sheet.purposes ?? (authority === true ? [] : SERVER);
  const subjectKey = sheet.subjectKeyIdentifier;
  const authorityKey = sheet.authorityKeyIdentifier;
  const list: Extension[] = [];
  const add = (oid: string, critical: boolean, value: Buffer): void => {
    list.push(new Extension(oid, critical, value));
  };
  if (authority !== "unsaid") add("2.5.29.19", sheet.basicIsCritical ?? true, basic(authority, sheet.pathLength));
  if (usages.length > 0) add("2.5.29.15", true, bits(usages));
  if (purposes.length > 0) {
    add("2.5.29.37", sheet.purposesAreCritical ?? false, sequence(purposes.map((purpose) => PURPOSES[purpose])));
  }
  if (subjectKey !== "none") {
    add("2.5.29.14", subjectKey === "critical", tlv(0x04, identifier(key, subjectKey === "wrong")));
  }
  if (authorityKey !== "none") {
    add(
      "2.5.29.35",
      authorityKey === "critical",
      sequence([tlv(0x80, identifier(issuerKey, authorityKey === "wrong"))]),
    );
  }
  if (names.length > 0) add("2.5.29.17", sheet.namesAreCritical ?? false, sequence(names.map(generalName)));
  if (permit.length + exclude.length > 0) {
    const subtrees = (tag: number, bases: readonly Name[]): Buffer[] =>
      bases.length === 0 ? [] : [tlv(tag, Buffer.concat(bases.map((name) => sequence([generalName(name)]))))];
    add(
      "2.5.29.30",
      sheet.constraintsAreCritical ?? true,
      sequence([...subtrees(0xa0, permit), ...subtrees(0xa1, exclude)]),
    );
  }
  for (const [oid, critical, hex] of sheet.extensions ?? []) add(oid, critical, Buffer.from(hex, "hex"));
  return list;
}

const AUTHORITY: readonly Usage[] = ["certificates", "lists"];
const END: readonly Usage[] = ["signature", "encipherment"];
const SERVER: readonly Purpose[] = ["server"];

const PURPOSES: Readonly<Record<Purpose, Buffer>> = {
  server: Buffer.from("06082b06010505070301", "hex"),
  client: Buffer.from("06082b06010505070302", "hex"),
  code: Buffer.from("06082b06010505070303", "hex"),
  email: Buffer.from("06082b06010505070304", "hex"),
  stamping: Buffer.from("06082b06010505070308", "hex"),
  any: Buffer.from("0604551d2500", "hex"),
  "microsoft-sgc": Buffer.from("060a2b0601040182370a0303", "hex"),
  "netscape-sgc": Buffer.from("06096086480186f8420401", "hex"),
};
const BITS: Readonly<Record<Usage, number>> = {
  signature: 0x80,
  encipherment: 0x20,
  agreement: 0x08,
  certificates: 0x04,
  lists: 0x02,
};

function basic(authority: boolean, pathLength: number | undefined): Buffer {
  return sequence([
    ...(authority ? [tlv(0x01, Buffer.of(0xff))] : []),
    ...(pathLength === undefined ? [] : [tlv(0x02, Buffer.of(pathLength))]),
  ]);
}

function bits(usages: readonly Usage[]): Buffer {
  const octet = usages.reduce((sum, usage) => sum | BITS[usage], 0);
  return tlv(0x03, Buffer.of(Math.log2(octet & -octet), octet));
}

function identifier(key: Buffer, wrong: boolean): Buffer {
  return createHash("sha256")
    .update(wrong ? "no key at all" : key)
    .digest()
    .subarray(0, 20);
}

function generalName([kind, value]: Name): Buffer {
  switch (kind) {
    case "email":
      return tlv(0x81, Buffer.from(value, "latin1"));
    case "dns":
      return tlv(0x82, Buffer.from(value, "latin1"));
    case "uri":
      return tlv(0x86, Buffer.from(value, "latin1"));
    case "ip":
      return tlv(0x87, Buffer.concat(value.split("/").map(address)));
    case "directory":
      return tlv(
        0xa4,
        sequence([tlv(0x31, sequence([Buffer.from("0603550403", "hex"), tlv(0x0c, Buffer.from(value))]))]),
      );
    case "other":
      // 1.3.6.1.4.1.99999.1, a private type.
      return tlv(
        0xa0,
        Buffer.concat([Buffer.from("06092b06010401868d1f01", "hex"), tlv(0xa0, tlv(0x0c, Buffer.from(value)))]),
      );
    default:
      return Buffer.from(value, "hex");
  }
}

/** IPv6 without `::`. */
function address(text: string): Buffer {
  return text.includes(":")
    ? Buffer.from(
        text
          .split(":")
          .map((group) => group.padStart(4, "0"))
          .join(""),
        "hex",
      )
    : Buffer.from(text.split(".").map(Number));
}

function sequence(parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Buffer): Buffer {
  const size = value.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}
