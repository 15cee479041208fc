/** Makes every certificate, good or bad, from a subject, an issuer and a sheet. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { cryptoProvider, X509CertificateGenerator } from "@peculiar/x509";
import { extensionsOf } from "./extensions.ts";
import type { Keys } from "./keys.ts";
import type { Sheet } from "./sheet.ts";

cryptoProvider.set(webcrypto);

/** A name with a pair of keys. Two parties may share either. */
export interface Party {
  /** The common name. Empty: no name at all. */
  readonly name: string;
  readonly keys: Keys;
}

/** PEM. `signer`: another party whose key signs instead of the issuer's, so that the signature is wrong. */
export async function forge(
  subject: Party,
  issuer: Party,
  sheet: Sheet = {},
  signer: Keys = issuer.keys,
): Promise<string> {
  if (signer.signing === undefined) throw new TypeError(`${issuer.name} has no key that signs certificates`);
  const { key: signingKey, scheme: name } = signer.signing;
  const certificate = await X509CertificateGenerator.create({
    subject: nameOf(subject.name),
    issuer: nameOf(issuer.name),
    publicKey: subject.keys.spki,
    signingKey,
    signingAlgorithm: name === "ECDSA" ? { name, hash: sheet.hash ?? "SHA-256" } : { name },
    notBefore: day(sheet.from ?? -1),
    notAfter: day(sheet.until ?? 30),
    extensions: extensionsOf(sheet, subject.keys.spki, issuer.keys.spki),
    ...(sheet.serial === undefined ? {} : { serialNumber: sheet.serial }),
  });
  return `${certificate.toString("pem")}\n`;
}

function nameOf(name: string): { CN: string[] }[] {
  return name === "" ? [] : [{ CN: [name] }];
}

function day(when: number | Date): Date {
  return when instanceof Date ? when : new Date(Date.now() + when * 86_400_000);
}
