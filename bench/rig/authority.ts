/** An authority made at start, and one certificate of it for the sink: every client verifies it, none is told to look away. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

export interface SinkIdentity {
  /** PEM of the authority, for the clients. */
  readonly ca: string;
  /** PEM of the sink's certificate and key. */
  readonly certificate: string;
  readonly key: string;
}

export async function createSinkIdentity(address: string): Promise<SinkIdentity> {
  const [authority, sink] = await Promise.all([generateKeys(), generateKeys()]);
  const name = "CN=Postseal bench authority";
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 7 * DAY) };
  const root = await X509CertificateGenerator.create({
    subject: name,
    issuer: name,
    publicKey: authority.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: SIGNING,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const leaf = await X509CertificateGenerator.create({
    subject: "CN=Postseal bench sink",
    issuer: name,
    publicKey: sink.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: SIGNING,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await SubjectKeyIdentifierExtension.create(sink.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
      new SubjectAlternativeNameExtension([{ type: "ip", value: address }]),
    ],
  });
  return {
    ca: root.toString("pem"),
    certificate: leaf.toString("pem"),
    key: KeyObject.from(sink.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const DAY = 86_400_000;
const SIGNING: webcrypto.EcdsaParams = { name: "ECDSA", hash: "SHA-256" };

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
}
