/** The extensions that a sheet asks for (RFC 5280 section 4.2). */
import { createHash } from "node:crypto";
import { Extension } from "@peculiar/x509";
import { sequence, tlv } from "./der.ts";
import { encodeName, type Name } from "./general-name.ts";
import type { Purpose, Sheet, Usage } from "./sheet.ts";

/** Keys as SubjectPublicKeyInfo. */
export function extensionsOf(sheet: Sheet, key: Buffer, issuerKey: Buffer): Extension[] {
  const { names = [] } = sheet;
  return [
    ...authorityExtensions(sheet),
    ...keyIdentifiers(sheet, key, issuerKey),
    ...when(names.length > 0, "2.5.29.17", sheet.namesAreCritical ?? false, () => sequence(names.map(encodeName))),
    ...nameConstraints(sheet),
    ...(sheet.extensions ?? []).map(([oid, critical, hex]) => new Extension(oid, critical, Buffer.from(hex, "hex"))),
  ];
}

function authorityExtensions(sheet: Sheet): Extension[] {
  const { authority = false } = sheet;
  const { usages = authority === true ? AUTHORITY : END, purposes = authority === true ? [] : SERVER } = sheet;
  return [
    ...(authority === "unsaid"
      ? []
      : [new Extension("2.5.29.19", sheet.basicIsCritical ?? true, basic(authority, sheet.pathLength))]),
    ...when(usages.length > 0, "2.5.29.15", true, () => bits(usages)),
    ...when(purposes.length > 0, "2.5.29.37", sheet.purposesAreCritical ?? false, () =>
      sequence(purposes.map((purpose) => PURPOSES[purpose])),
    ),
  ];
}

function keyIdentifiers(sheet: Sheet, key: Buffer, issuerKey: Buffer): Extension[] {
  const { subjectKeyIdentifier: own, authorityKeyIdentifier: issuers } = sheet;
  return [
    ...when(own !== "none", "2.5.29.14", own === "critical", () => tlv(0x04, identifier(key, own === "wrong"))),
    ...when(issuers !== "none", "2.5.29.35", issuers === "critical", () =>
      sequence([tlv(0x80, identifier(issuerKey, issuers === "wrong"))]),
    ),
  ];
}

function nameConstraints({ permit = [], exclude = [], constraintsAreCritical = true }: Sheet): Extension[] {
  return when(permit.length + exclude.length > 0, "2.5.29.30", constraintsAreCritical, () =>
    sequence([...subtrees(0xa0, permit), ...subtrees(0xa1, exclude)]),
  );
}

function subtrees(tag: number, bases: readonly Name[]): Buffer[] {
  return bases.length === 0 ? [] : [tlv(tag, Buffer.concat(bases.map((name) => sequence([encodeName(name)]))))];
}

function when(isDue: boolean, oid: string, critical: boolean, value: () => Buffer): Extension[] {
  return isDue ? [new Extension(oid, critical, value())] : [];
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

/** RFC 7093 section 2, method 1. */
function identifier(key: Buffer, wrong: boolean): Buffer {
  return createHash("sha256")
    .update(wrong ? "no key at all" : key)
    .digest()
    .subarray(0, 20);
}
