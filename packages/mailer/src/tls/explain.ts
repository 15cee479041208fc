/** What a failed handshake means: from OpenSSL's reason to an error that says what happened, what it may mean and what to do. */
import type { X509Certificate } from "node:crypto";
import { awaitedIn, NetworkError } from "../errors/network-error.ts";
import { TlsError, type UnverifiedReason } from "../errors/tls-error.ts";
import { describeServer, type Endpoint } from "../policy/server.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import { roleOf, whenOf } from "./certificate-words.ts";

/** By OpenSSL's text. A map, since a lookup in it finds nothing in a prototype. */
const REASONS: ReadonlyMap<string, readonly [UnverifiedReason, string]> = new Map<
  string,
  readonly [UnverifiedReason, string]
>([
  ["UNABLE_TO_GET_ISSUER_CERT", ["untrusted-issuer", "the authority that issued its certificate is not trusted here"]],
  [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    ["untrusted-issuer", "the authority that issued its certificate is not trusted here"],
  ],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    [
      "untrusted-issuer",
      "the authority that issued its certificate is not trusted here, or the server left out an intermediate certificate",
    ],
  ],
  ["SELF_SIGNED_CERT_IN_CHAIN", ["untrusted-issuer", "the authority that issued its certificate is not trusted here"]],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", ["self-signed", "its certificate is self-signed, so anybody could have made it"]],
  [
    "CERT_SIGNATURE_FAILURE",
    ["untrusted-issuer", "its signature is not that of the authority of this name that is trusted here"],
  ],
  ["CERT_HAS_EXPIRED", ["expired", "its certificate has expired"]],
  ["CERT_NOT_YET_VALID", ["not-yet-valid", "its certificate is not valid yet; or this machine's clock is wrong"]],
  ["INVALID_PURPOSE", ["wrong-purpose", "its certificate is not one for servers"]],
  ["INVALID_CA", ["wrong-purpose", "its certificate was issued with one that may not issue certificates"]],
  ["HOSTNAME_MISMATCH", ["wrong-name", "its certificate is for another name"]],
  ["CERT_REVOKED", ["revoked", "its certificate was revoked"]],
]);
/** Verification errors for which Node has only OpenSSL's words. */
const WORDS: readonly (readonly [RegExp, readonly [UnverifiedReason, string]])[] = [
  [/too weak|too small/i, ["weak-key", "its certificate has a key or a signature that is too weak"]],
  [/purpose/i, ["wrong-purpose", "its certificate is not one for servers"]],
];
const WEAK_KEY = /(?:EE|CA)_KEY_TOO_SMALL|MD_TOO_WEAK/;
/** Our OpenSSL or the server says that they have nothing in common that the policy accepts. */
const NOTHING_IN_COMMON =
  /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|ALERT_HANDSHAKE_FAILURE|ALERT_INSUFFICIENT_SECURITY|WRONG_CIPHER|UNKNOWN_CIPHER|NO_SHARED|WRONG_CURVE|KEY_TOO_SMALL|WRONG_SIGNATURE|UNSUPPORTED_SIGNATURE|NO_SUITABLE|BAD_KEY_SHARE|DH_|VERSION_TOO_LOW|WRONG_SSL_VERSION/;
const TOO_OLD = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|WRONG_SSL_VERSION/;
const PLAINTEXT = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_TOO_SMALL|HTTP_REQUEST/;

/** For a certificate that Node did not accept: `leaf`, if it is known. `intermediates`: certificates that the caller added and that are not roots. */
export function explainVerdict(
  cause: unknown,
  server: Endpoint,
  intermediates: readonly X509Certificate[],
  leaf: X509Certificate | undefined,
): TlsError {
  const code = codeOf(cause);
  const [reason, phrase] = REASONS.get(code) ??
    WORDS.find(([words]) => words.test(wordsOf(cause)))?.[1] ?? [
      "other",
      `its certificate was not accepted: ${wordsOfOpenSsl(cause, code)}`,
    ];
  const what = (leaf === undefined ? undefined : whenOf(reason, leaf)) ?? phrase;
  const [given] = intermediates;
  return reason === "untrusted-issuer" && given !== undefined
    ? unverified(server, reason, what, cause, adviceOnIntermediate(given))
    : unverified(server, reason, what, cause);
}

/**
 * For any other end of a handshake, such as a broken tunnel: it says nothing about the certificate. `cause` is `undefined`
 * if the stream closed without an error.
 */
export function explainHandshake(cause: unknown, server: Endpoint, policy: TlsPolicy): TlsError | NetworkError {
  const peer = describeServer(server);
  const code = codeOf(cause);
  // defence: plain-text-is-no-tls
  if (PLAINTEXT.test(code)) return plaintext(server, cause);
  if (WEAK_KEY.test(code)) {
    return unverified(server, "weak-key", "its certificate has a key or a signature that is too weak", cause);
  }
  if (NOTHING_IN_COMMON.test(code)) {
    return violated(peer, `${unmet(code, policy)} (${code})`, cause);
  }
  if (code.startsWith("ERR_SSL_")) {
    return new TlsError(
      "MAIL_TLS_HANDSHAKE",
      `The TLS handshake with ${peer} failed (${code}). Nothing was sent. Somebody may be changing what is on the wire, or the server's TLS is broken.`,
      { disposition: "retry", cause },
    );
  }
  // defence: end-in-handshake-is-a-loss
  return new NetworkError(
    "MAIL_NETWORK_LOST",
    "handshake",
    `${peer} ended the connection in the TLS handshake (${cause === undefined ? "closed" : code || wordsOf(cause)}). Nothing was sent. ` +
      "If it happens again and again, somebody may be hoping for a client that tries without TLS: this one does not.",
    cause,
  );
}

/** Which demand was not met, as far as the alert tells: one that the caller made comes before those that everybody has. */
function unmet(code: string, { requirePostQuantum, clientCertificate, minVersion }: TlsPolicy): string {
  if (TOO_OLD.test(code) && minVersion === "TLSv1.3") {
    const who = requirePostQuantum
      ? 'postQuantum: "require" needs'
      : clientCertificate === undefined
        ? "minVersion demands"
        : "a client certificate needs";
    return `it does not speak TLS 1.3, which ${who}`;
  }
  if (TOO_OLD.test(code)) return "it speaks no version of TLS from 1.2 on";
  return requirePostQuantum
    ? 'it does not have the post-quantum key exchange X25519MLKEM768, which postQuantum: "require" demands'
    : "it found no protocol, cipher suite, key exchange or key in common with the policy";
}

/** For what ends an established session: a record that does not decrypt, an alert, a reset. */
export function explainBroken(cause: unknown, peer: string, phase: NetworkError["phase"]): TlsError | NetworkError {
  const code = codeOf(cause);
  if (/CERTIFICATE_REQUIRED/.test(code)) {
    return new TlsError("MAIL_TLS_BROKEN", `${peer} wants a client certificate: give one (clientCertificate).`, {
      disposition: "give-up",
      cause,
    });
  }
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return new TlsError(
      "MAIL_TLS_BROKEN",
      `The sealed connection to ${peer} was broken (${code}): what came was not TLS. The server may have failed and said so in the clear, as some do; or somebody put octets into the connection. TLS let none of them through.`,
      { disposition: "retry", cause },
    );
  }
  return lost(peer, phase, cause);
}

export function lost(peer: string, phase: NetworkError["phase"], cause: unknown): NetworkError {
  return new NetworkError(
    "MAIL_NETWORK_LOST",
    phase,
    `The connection to ${peer} was lost before ${awaitedIn(phase)}${codeOf(cause) === "" ? "" : ` (${codeOf(cause)})`}.`,
    cause,
  );
}

/** For octets in the clear instead of TLS, and for unsolicited replies (RFC 3207 section 6; CVE-2021-38371). */
export function injected(peer: string, evidence: string): TlsError {
  return new TlsError(
    "MAIL_TLS_INJECTION",
    `Octets that nobody had asked for came from ${peer} in the clear. Somebody between you and the server is likely putting ` +
      "replies into the conversation, so that they count as if they had come through TLS. Nothing was sent. Do not use this network for mail until you know more.",
    { disposition: "retry", evidence },
  );
}

export function violated(peer: string, what: string, cause?: unknown): TlsError {
  return new TlsError(
    "MAIL_TLS_POLICY",
    `The TLS of ${peer} does not meet the policy: ${what}. Nothing was sent. Somebody may be weakening the connection; or the server's TLS is out of date and its administrator should know.`,
    { disposition: "give-up", cause },
  );
}

export function unverified(
  server: Endpoint,
  reason: UnverifiedReason,
  what: string,
  cause?: unknown,
  advice: string = adviceOn(reason),
): TlsError {
  return new TlsError(
    "MAIL_TLS_UNVERIFIED",
    `${describeServer(server)} did not prove that it is ${server.name.name}: ${what}. Nothing was sent. ${advice}`,
    { disposition: "give-up", reason, cause },
  );
}

function plaintext(server: Endpoint, cause: unknown): TlsError {
  const peer = describeServer(server);
  if (server.transport === "https")
    return new TlsError(
      "MAIL_TLS_NOT_SPOKEN",
      `${peer} does not speak TLS: the port is wrong, or somebody between you and the server answers in its place, as the sign-in page of a public network does. Nothing was sent.`,
      { disposition: "retry", cause },
    );
  return server.transport === "implicit"
    ? new TlsError(
        "MAIL_TLS_NOT_SPOKEN",
        `${peer} does not speak TLS from the start. Most often the port is wrong: 465 is for submissions://, 587 for submission:// (STARTTLS). ` +
          "If the port is right, somebody between you and the server answers in its place. Nothing was sent.",
        { disposition: "give-up", cause },
      )
    : new TlsError(
        "MAIL_TLS_HANDSHAKE",
        `${peer} agreed to STARTTLS and then went on in plain text instead of TLS. Somebody between you and the server is likely ` +
          "putting replies into the conversation, or keeping TLS from it. Nothing was sent.",
        { disposition: "retry", cause },
      );
}

function adviceOn(reason: UnverifiedReason): string {
  switch (reason) {
    case "untrusted-issuer":
    case "self-signed":
      return "Somebody may be in its place. If it is your own server, give its authority (tls.ca) or its key (tls.trust.pins); there is no switch that skips the check.";
    case "wrong-name":
      return "Somebody may be in its place; or use the name that the certificate has, if that is the server you mean.";
    case "pin-mismatch":
      return "Somebody may be in its place; or the server has a new key: get its pin in a way that does not depend on this network.";
    default:
      return "Somebody may be in its place, or its administrator has to renew the certificate.";
  }
}

/** For a certificate that has no name which counts: there is none to use instead. */
export const NAMELESS: string = adviceOn("other");

/** Node's `allowPartialTrustChain` would make it a trust anchor. But OpenSSL then looks no further, and skips checks that the root has to pass. */
function adviceOnIntermediate(given: X509Certificate): string {
  const root = given.ca ? "give that root" : "give the root of that authority, or the server's key (tls.trust.pins)";
  return (
    `You gave ${roleOf(given)}. ` +
    `If your server's certificate is from there, ${root}; otherwise somebody may be in its place.`
  );
}

function codeOf(cause: unknown): string {
  if (typeof cause === "string") return cause;
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

function wordsOf(cause: unknown): string {
  if (typeof cause === "string") return cause;
  return cause instanceof Error ? cause.message : "";
}

/** Node has codes only for the older errors, and "UNSPECIFIED" for all others; OpenSSL has words for each. */
function wordsOfOpenSsl(cause: unknown, code: string): string {
  const words = wordsOf(cause);
  if (code === "" || code === "UNSPECIFIED" || words === code) return words;
  return `${words} (${code})`;
}
