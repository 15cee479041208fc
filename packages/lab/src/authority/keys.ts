/** Key pairs: kinds that servers should have, and kinds that they should not. */
import { createPublicKey, generateKeyPair, type KeyObject, webcrypto } from "node:crypto";
import { promisify } from "node:util";

export type KeyKind =
  | "p256"
  | "p384"
  | "p521"
  | "p192"
  | "p224"
  | "secp256k1"
  | "ed25519"
  | "ed448"
  | "rsa2048"
  | "rsa1024"
  | "dsa";

export interface Keys {
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** PEM, PKCS #8. */
  readonly pem: string;
  /** Signs certificates; `undefined` for kinds of keys that sign none. */
  readonly signing: { readonly key: webcrypto.CryptoKey; readonly scheme: "ECDSA" | "RSASSA-PKCS1-v1_5" } | undefined;
}

export async function generateKeys(kind: KeyKind = "p256"): Promise<Keys> {
  const key = await generate(kind);
  return {
    spki: createPublicKey(key).export({ type: "spki", format: "der" }),
    pem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    signing: await signingKey(kind, key.export({ type: "pkcs8", format: "der" })),
  };
}

const CURVES = {
  p192: "prime192v1",
  p224: "secp224r1",
  p256: "prime256v1",
  p384: "secp384r1",
  p521: "secp521r1",
  secp256k1: "secp256k1",
} as const;

const pairOf = promisify(generateKeyPair);

async function generate(kind: KeyKind): Promise<KeyObject> {
  switch (kind) {
    case "ed25519":
      return (await pairOf("ed25519", undefined)).privateKey;
    case "ed448":
      return (await pairOf("ed448", undefined)).privateKey;
    case "rsa1024":
      return (await pairOf("rsa", { modulusLength: 1024 })).privateKey;
    case "rsa2048":
      return (await pairOf("rsa", { modulusLength: 2048 })).privateKey;
    case "dsa":
      return (await pairOf("dsa", { modulusLength: 1024, divisorLength: 160 })).privateKey;
    default:
      return (await pairOf("ec", { namedCurve: CURVES[kind] })).privateKey;
  }
}

async function signingKey(kind: KeyKind, pkcs8: Buffer): Promise<Keys["signing"]> {
  const scheme = kind === "p256" ? "ECDSA" : kind.startsWith("rsa") ? "RSASSA-PKCS1-v1_5" : undefined;
  if (scheme === undefined) return undefined;
  const algorithm = scheme === "ECDSA" ? { name: scheme, namedCurve: "P-256" } : { name: scheme, hash: "SHA-256" };
  return { scheme, key: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]) };
}
