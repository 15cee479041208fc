/** A certificate authority that lives as long as the demo. Nobody but the demo trusts it. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

export interface ServerCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** `authority`: PEM, for the client to trust. */
export async function issueCertificate(host: string): Promise<ServerCertificate & { readonly authority: string }> {
  const authorityKeys = await generateKeys();
  const keys = await generateKeys();
  const authority = await sign("CN=A throw-away authority", authorityKeys.publicKey, authorityKeys.privateKey, [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
  ]);
  const certificate = await sign(`CN=${host}`, keys.publicKey, authorityKeys.privateKey, [
    new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
  ]);
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { authority, certificate, key };
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function sign(
  subject: string,
  publicKey: webcrypto.CryptoKey,
  signingKey: webcrypto.CryptoKey,
  extensions: Extension[],
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: "CN=A throw-away authority",
    publicKey,
    signingKey,
    signingAlgorithm: ECDSA,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions,
  });
  return certificate.toString("pem");
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
}
