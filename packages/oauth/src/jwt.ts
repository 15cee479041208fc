/** Signed JWTs (RFC 7515, RFC 7519): what a client or a service account proves itself with. */
import { createHash, createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from "node:crypto";
import { InputError, type Secret } from "@postseal/mailer";

/** In seconds: issuers refuse what is valid for over an hour, and some what is valid for over ten minutes. */
const LIFE = 300;

export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Other claims. */
  readonly claims?: Readonly<Record<string, string>>;
  readonly certificate?: string | undefined;
  readonly keyId?: string | undefined;
  /** For RSA. Default `PS256`. */
  readonly rsa?: "RS256" | "PS256";
}

/** RSA of 2048 bits or more, or P-256. Throws `InputError` for any other key; `field` is where it was given. */
export function signedJwt(privateKey: Secret, assertion: Assertion, field: string): string {
  const key = keyIn(privateKey, field);
  const alg = key.asymmetricKeyType === "rsa" ? (assertion.rsa ?? "PS256") : "ES256";
  const now = Math.floor(Date.now() / 1000);
  const { issuer, subject, audience, claims = {}, certificate, keyId } = assertion;
  const header = {
    alg,
    typ: "JWT",
    ...(keyId === undefined ? {} : { kid: keyId }),
    ...(certificate === undefined ? {} : { "x5t#S256": fingerprintOf(certificate, field) }),
  };
  const payload = {
    iss: issuer,
    sub: subject,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + LIFE,
    ...claims,
  };
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${signatureOf(text, key, alg)}`;
}

function keyIn(privateKey: Secret, field: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey.reveal());
  } catch {
    // OpenSSL's errors may quote a line of the key.
    throw new InputError("MAIL_INPUT_OPTION", field, "is no private key: give PEM text, without a passphrase");
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isGood =
    type === "rsa" ? (details?.modulusLength ?? 0) >= 2048 : type === "ec" && details?.namedCurve === "prime256v1";
  if (isGood) return key;
  throw new InputError("MAIL_INPUT_OPTION", field, "has to be RSA with 2048 bits or more, or on P-256");
}

function signatureOf(text: string, key: KeyObject, alg: "RS256" | "PS256" | "ES256"): string {
  const octets = Buffer.from(text);
  // RSA_PKCS1_PSS_PADDING, with a salt as long as the digest (RFC 7518 section 3.5).
  if (alg === "PS256") return sign("sha256", octets, { key, padding: 6, saltLength: 32 }).toString("base64url");
  if (alg === "RS256") return sign("sha256", octets, key).toString("base64url");
  return sign("sha256", octets, { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
}

function fingerprintOf(certificate: string, field: string): string {
  try {
    return createHash("sha256").update(new X509Certificate(certificate).raw).digest("base64url");
  } catch {
    throw new InputError("MAIL_INPUT_OPTION", field, "its certificate is not one in PEM text");
  }
}
