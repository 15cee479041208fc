/** Certificates of any shape, and a small SMTP server inside TLS that shows a chain of them. It holds no test of its own. */
import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { createSecureContext } from "node:tls";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { HOST, listen, type Listener, serve as converse } from "@postseal/lab";

const DAY = 86_400_000;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Whoever can sign: a name and its keys. Several certificates may speak of one. */
export interface Party {
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export async function party(name: string): Promise<Party> {
  return { name: `CN=${name}`, keys: await webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]) };
}

export interface Shape {
  /** Who signs; by `signer`, if that is somebody else: the signature is then wrong. */
  readonly issuer: Party;
  readonly signer?: Party;
  readonly isAuthority?: boolean;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** Object identifiers. For servers, where left out; empty: no such extension. */
  readonly purposes?: readonly string[];
  /** Without: nothing but names ties it to its issuer. */
  readonly hasKeyIdentifier?: boolean;
  readonly more?: readonly Extension[];
}

/** PEM. */
export async function certify(subject: Party, shape: Shape): Promise<string> {
  const { issuer, signer = issuer, isAuthority = false, from = -1, to = 30, hasKeyIdentifier = true } = shape;
  const purposes = shape.purposes ?? (isAuthority ? [] : [ExtendedKeyUsage.serverAuth]);
  const usage = isAuthority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature;
  const made = await X509CertificateGenerator.create({
    subject: subject.name,
    issuer: issuer.name,
    serialNumber: `01${randomBytes(8).toString("hex")}`,
    publicKey: subject.keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: ECDSA,
    notBefore: new Date(Date.now() + from * DAY),
    notAfter: new Date(Date.now() + to * DAY),
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      new KeyUsagesExtension(usage, true),
      ...(purposes.length === 0 ? [] : [new ExtendedKeyUsageExtension([...purposes])]),
      await SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
      ...(hasKeyIdentifier ? [await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)] : []),
      ...(isAuthority ? [] : [new Extension("2.5.29.17", false, hostName())]),
      ...(shape.more ?? []),
    ],
  });
  return `${made.toString("pem")}\n`;
}

/** GeneralNames of one dNSName, of fewer than 128 octets. */
function hostName(): Buffer {
  return Buffer.concat([Buffer.from([0x30, HOST.length + 2, 0x82, HOST.length]), Buffer.from(HOST)]);
}

/** TLS from the start, and no login. `chain` is PEM, leaf first. */
export function serve(leaf: Party, chain: string): Promise<Listener> {
  const key = KeyObject.from(leaf.keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  const context = createSecureContext({ cert: chain, key });
  return listen((socket) => void converse(socket, { tls: { transport: "implicit", context } }));
}
