/** A throw-away certificate authority and its leaves, as files that mail servers can read. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import { writeFile } from "node:fs/promises";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralNames,
} from "@peculiar/x509";
import { createFolder, type Folder } from "./folder.ts";

cryptoProvider.set(webcrypto);

export interface Leaf {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Authority extends AsyncDisposable {
  readonly caFile: string;
  /** smtp.example.test and 127.0.0.1, P-256. */
  readonly ecdsa: Leaf;
  /** The same names, RSA 2048. */
  readonly rsa: Leaf;
  /** alice@example.test, for client authentication only. */
  readonly client: Leaf;
}

const p256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const rsa2048 = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: "SHA-256",
};
const serverNames: JsonGeneralNames = [
  { type: "dns", value: "smtp.example.test" },
  { type: "ip", value: "127.0.0.1" },
];

export async function createAuthority(): Promise<Authority> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("authority"));
  const keys = await generateKeys(p256);
  const root = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: "CN=Postseal interop CA",
    keys,
    signingAlgorithm: p256,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });

  const issue = async (
    name: string,
    algorithm: typeof p256 | typeof rsa2048,
    extensions: Extension[],
  ): Promise<Leaf> => {
    const own = await generateKeys(algorithm);
    const certificate = await X509CertificateGenerator.create({
      ...validity(),
      subject: `CN=${name}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: p256,
      extensions: [
        new BasicConstraintsExtension(false),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature),
        ...extensions,
      ],
    });
    return writeLeaf(folder, name, certificate.toString("pem"), own.privateKey);
  };
  const forServer = [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(serverNames),
  ];
  const forClient = [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension([{ type: "email", value: "alice@example.test" }]),
  ];
  const caFile = folder.at("ca.pem");
  await writeFile(caFile, root.toString("pem"));
  const leaves = {
    ecdsa: await issue("ecdsa", p256, forServer),
    rsa: await issue("rsa", rsa2048, forServer),
    client: await issue("alice", p256, forClient),
  };
  const owned = stack.move();
  return { caFile, ...leaves, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function writeLeaf(folder: Folder, name: string, certificate: string, key: webcrypto.CryptoKey): Promise<Leaf> {
  const leaf = { certificateFile: folder.at(`${name}.pem`), keyFile: folder.at(`${name}.key`) };
  await writeFile(leaf.certificateFile, `${certificate}\n`);
  // Readable by all: some servers open it after they have dropped to another user, and it is worth nothing.
  await writeFile(leaf.keyFile, KeyObject.from(key).export({ type: "pkcs8", format: "pem" }));
  return leaf;
}

async function generateKeys(algorithm: typeof p256 | typeof rsa2048): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const hour = 3_600_000;
  return { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
}
