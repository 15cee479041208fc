/**
 * What a TLS session must fulfil before anything is sent over it. A policy can only be tightened: no option verifies less, and
 * no option takes a cipher list.
 */
import { X509Certificate } from "node:crypto";
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { shown } from "../errors/shown.ts";
import { type OptionPlace, readList, readOptions } from "./own-options.ts";
import { commonNameIn, isSelfSigned } from "./self-signed.ts";

export interface TlsOptions {
  /** The oldest protocol to accept. Default `TLSv1.2`. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
  /** `require`: only a hybrid post-quantum key exchange (X25519MLKEM768), which needs TLS 1.3. Default `prefer`. */
  readonly postQuantum?: "prefer" | "require" | undefined;
  /** SHA-256 of SubjectPublicKeyInfo, base64: the peer's key must be one of these, in addition to chain and name. Include a backup key. */
  readonly pins?: readonly string[] | undefined;
  /** Authorities as PEM text: `add` to the public ones, or trust `only` these. */
  readonly ca?:
    | { readonly add: string | readonly string[] }
    | { readonly only: string | readonly string[] }
    | undefined;
  /** For a private server without an authority: its key, by pin, instead of chain and name. */
  readonly trust?: { readonly pins: readonly string[] } | undefined;
  /** A certificate that identifies us to the server, PEM. Requires TLS 1.3, which hides it from the path. */
  readonly clientCertificate?:
    | { readonly cert: string; readonly key: string; readonly passphrase?: string }
    | undefined;
}

export interface TlsPolicy {
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  readonly groups: readonly string[];
  readonly requirePostQuantum: boolean;
  readonly pins: readonly string[];
  readonly authorities: { readonly from: "public-and-added" | "added-only"; readonly added: readonly string[] };
  readonly trustPins: readonly string[] | undefined;
  readonly clientCertificate: TlsOptions["clientCertificate"];
}

/** X25519 and ML-KEM-768 together: an attacker has to break both. */
export const POST_QUANTUM_GROUP = "X25519MLKEM768";
const CLASSICAL_GROUPS = ["X25519", "P-256", "P-384"];

/** Only authenticated encryption with forward secrecy: RFC 9325 section 4.2, and the suites of TLS 1.3 (RFC 8446 appendix B.4). */
export const TLS13_SUITES: readonly string[] = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
];
export const TLS12_SUITES: readonly string[] = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];
/** No SHA-1 and no SHA-224 (RFC 9155). */
export const SIGNATURE_ALGORITHMS: readonly string[] = [
  "ecdsa_secp256r1_sha256",
  "ecdsa_secp384r1_sha384",
  "ecdsa_secp521r1_sha512",
  "ed25519",
  "ed448",
  "rsa_pss_rsae_sha256",
  "rsa_pss_rsae_sha384",
  "rsa_pss_rsae_sha512",
  "rsa_pss_pss_sha256",
  "rsa_pss_pss_sha384",
  "rsa_pss_pss_sha512",
  "rsa_pkcs1_sha256",
  "rsa_pkcs1_sha384",
  "rsa_pkcs1_sha512",
];

/** Checks the options once, before any connection, so that every attempt, address and retry has the same policy. */
export function createTlsPolicy(given: TlsOptions = {}): TlsPolicy {
  const options = readTlsOptions(given);
  const requirePostQuantum = options.postQuantum === "require";
  const authorities = authoritiesOf(options.ca);
  const clientCertificate = clientCertificateOf(options);
  if (options.trust !== undefined && (options.ca !== undefined || options.pins !== undefined)) {
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "tls.trust",
      "a trust pin replaces chain and name; leave out ca and pins",
    );
  }
  return Object.freeze({
    minVersion: requirePostQuantum || clientCertificate !== undefined ? "TLSv1.3" : (options.minVersion ?? "TLSv1.2"),
    // defence: post-quantum-alone
    groups: requirePostQuantum ? [POST_QUANTUM_GROUP] : [POST_QUANTUM_GROUP, ...CLASSICAL_GROUPS],
    requirePostQuantum,
    pins: pinsOf(options.pins, "tls.pins"),
    authorities,
    trustPins: trustPinsOf(options.trust),
    clientCertificate,
  });
}

/** TLS 1.3 only: TLS 1.2 sends a client certificate in the clear, to anyone who answers. */
function clientCertificateOf({ clientCertificate, minVersion }: TlsOptions): TlsOptions["clientCertificate"] {
  if (clientCertificate === undefined) return undefined;
  const given = readOptions(clientCertificate, CLIENT_CERTIFICATE_NAMES, place("tls.clientCertificate"));
  if (typeof given.cert !== "string" || typeof given.key !== "string") {
    throw new InputError("MAIL_INPUT_OPTION", "tls.clientCertificate", "it needs cert and key, both PEM text");
  }
  if (given.passphrase !== undefined && typeof given.passphrase !== "string")
    throw new InputError("MAIL_INPUT_OPTION", "tls.clientCertificate.passphrase", "must be a string");
  if (minVersion === "TLSv1.2") {
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "tls.minVersion",
      "a client certificate takes TLS 1.3: in TLS 1.2 anybody on the path could read it",
    );
  }
  return given;
}

/** Whether a group is post-quantum, by the name that Node reports. */
export function isPostQuantum(group: string): boolean {
  return group === POST_QUANTUM_GROUP;
}

const KNOWN: Readonly<Record<keyof TlsOptions, (value: unknown) => boolean>> = {
  minVersion: (value) => value === undefined || value === "TLSv1.2" || value === "TLSv1.3",
  postQuantum: (value) => value === undefined || value === "prefer" || value === "require",
  pins: (value) => value === undefined || Array.isArray(value),
  ca: (value) => isObject(value) || typeof value === "string",
  trust: isObject,
  clientCertificate: isObject,
};

/** What each takes, for an error that must not quote the value. */
const TAKES: Readonly<Record<keyof TlsOptions, string>> = {
  minVersion: '"TLSv1.2" or "TLSv1.3"; nothing older is possible',
  postQuantum: '"prefer" or "require"',
  pins: "an array of pins",
  ca: "{ add: pem } or { only: pem }",
  trust: "{ pins: [pin] }",
  clientCertificate: "{ cert, key, passphrase }",
};
const NAMES: ReadonlySet<string> = new Set(Object.keys(KNOWN));
const AUTHORITY_NAMES: ReadonlySet<string> = new Set(["add", "only"]);
const TRUST_NAMES: ReadonlySet<string> = new Set(["pins"]);
const CLIENT_CERTIFICATE_NAMES: ReadonlySet<string> = new Set(["cert", "key", "passphrase"]);

function place(field: string): OptionPlace {
  return { field, code: "MAIL_INPUT_OPTION" };
}

const CA = "give { add: pem } to trust it beside the public authorities, or { only: pem } to trust nothing else";

function explain(name: string): string | undefined {
  if (name === "cert" || name === "key" || name === "passphrase")
    return "a client certificate is clientCertificate: { cert, key, passphrase }";
  if (name === "servername") return "the certificate has to name the host of the server; there is no other name to set";
  return /^(reject|checkServer|cipher|secure|session|maxVersion|insecure)/.test(name)
    ? "it could only weaken TLS here. For a private server give its authority (ca) or its key (trust.pins)"
    : undefined;
}

function readTlsOptions(given: TlsOptions): TlsOptions {
  const options = readOptions(given, NAMES, { ...place("tls"), explain });
  for (const [name, value] of Object.entries(options)) {
    if (isKnown(name) && !KNOWN[name](value)) {
      throw new InputError("MAIL_INPUT_OPTION", `tls.${name}`, `it takes ${TAKES[name]}`);
    }
  }
  return options;
}

function isKnown(name: string): name is keyof TlsOptions {
  return Object.hasOwn(KNOWN, name);
}

function isObject(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null);
}

function trustPinsOf(trust: TlsOptions["trust"]): readonly string[] | undefined {
  if (trust === undefined) return undefined;
  return pinsOf(readOptions(trust, TRUST_NAMES, place("tls.trust")).pins ?? [], "tls.trust.pins");
}

function authoritiesOf(option: TlsOptions["ca"]): TlsPolicy["authorities"] {
  if (option === undefined) return { from: "public-and-added", added: [] };
  if (typeof option === "string" || Array.isArray(option) || ArrayBuffer.isView(option))
    throw new InputError("MAIL_INPUT_OPTION", "tls.ca", CA);
  const ca = readOptions(option, AUTHORITY_NAMES, place("tls.ca"));
  if ("add" in ca === "only" in ca) throw new InputError("MAIL_INPUT_OPTION", "tls.ca", "give either add or only");
  const [from, given, field] =
    "only" in ca
      ? (["added-only", ca.only, "tls.ca.only"] as const)
      : (["public-and-added", ca.add, "tls.ca.add"] as const);
  const texts: readonly unknown[] = Array.isArray(given) ? readList<unknown>(given, place(field)) : [given];
  if (texts.length === 0) {
    throw new InputError("MAIL_INPUT_OPTION", field, "an empty list names no authority; leave it out, or give one");
  }
  const added = texts.flatMap((text, index) =>
    certificatesIn(text, Array.isArray(given) ? `${field}[${index}]` : field),
  );
  if (from === "added-only" && !added.some((pem) => isSelfSigned(new X509Certificate(pem)))) {
    throw new InputError("MAIL_INPUT_OPTION", field, rootless(added));
  }
  return { from, added };
}

/** The error for authorities without a root: no path could end, so nothing could be trusted. */
function rootless([first = ""]: readonly string[]): string {
  const { subject, issuer } = new X509Certificate(first);
  return (
    `no certificate in it is a root: "${shown(commonNameIn(subject))}" was itself issued by "${shown(commonNameIn(issuer))}". ` +
    "Give the certificate of that root, or the key of the server (trust.pins)"
  );
}

function asPath(text: string): string {
  return /^\S{1,256}\.(?:pem|crt|cer)$/i.test(text) ? '. For a file, give readFileSync(path, "utf8")' : "";
}

/** At least one, and OpenSSL can read each: an authority that is silently left out is missed only when it is needed. */
function certificatesIn(pem: unknown, field: string): readonly string[] {
  const found =
    typeof pem === "string" ? (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []) : [];
  if (found.length === 0) {
    throw new InputError(
      "MAIL_INPUT_OPTION",
      field,
      typeof pem === "string"
        ? `there is no certificate in it; it is PEM text, which begins with -----BEGIN CERTIFICATE-----${asPath(pem)}`
        : `is ${kindOf(pem)}; give the text itself, such as readFileSync(path, "utf8")`,
    );
  }
  for (const certificate of found) {
    try {
      void new X509Certificate(certificate);
    } catch (error) {
      throw new InputError("MAIL_INPUT_OPTION", field, "a certificate in it cannot be read", error);
    }
  }
  return found;
}

function pinsOf(option: readonly string[] | undefined, field: string): readonly string[] {
  if (option === undefined) return [];
  if (!Array.isArray(option)) throw new InputError("MAIL_INPUT_OPTION", field, "must be an array of pins");
  const pins = readList<unknown>(option, place(field));
  if (pins.length === 0)
    throw new InputError("MAIL_INPUT_OPTION", field, "an empty list would match no key; leave it out, or give a pin");
  return pins.map((pin, index) => {
    const value = typeof pin === "string" ? pin.replace(/^sha256[/:]+/i, "") : "";
    if (!/^[A-Za-z0-9+/]{43}=$/.test(value)) {
      throw new InputError(
        "MAIL_INPUT_OPTION",
        `${field}[${index}]`,
        "a pin is the SHA-256 of a SubjectPublicKeyInfo in base64, 44 characters; `postseal verify` prints a server's",
      );
    }
    return value;
  });
}
