/** A server, or an attacker on the path, that offers only TLS which protects too little. */
import type { CertificateKind } from "../authority/certificate.ts";
import type { TlsProfile } from "../authority/tls-profile.ts";
import type { Vector } from "./vector.ts";

export const weakTlsVectors: readonly Vector[] = [
  weak("D-tls10", "tls10", "TLS 1.0 only", ["RFC 8996", "RFC 9325 section 3.1.1"]),
  weak("D-tls11", "tls11", "TLS 1.1 only", ["RFC 8996", "RFC 9325 section 3.1.1"]),
  weak("D-null", "null", "suites without encryption", ["RFC 9325 section 4.1"]),
  weak("D-anonymous", "anonymous", "suites without a certificate", ["RFC 5246 appendix A.5"]),
  {
    ...weak("D-static-rsa", "static-rsa", "suites without forward secrecy", ["RFC 9325 section 4.1"]),
    demand: "current-practice",
    severity: "low",
  },
  {
    ...weak("D-cbc", "cbc", "CBC suites", ["RFC 9325 section 4.2"], "good"),
    demand: "current-practice",
    severity: "low",
  },
  {
    ...weak("D-dhe", "dhe", "finite-field Diffie-Hellman suites", ["RFC 9325 section 4.1"]),
    demand: "current-practice",
    severity: "low",
  },
  weak("D-sha1-signature", "sha1-signature", "a handshake signed over SHA-1", ["RFC 9155"], "good"),
  {
    ...weak(
      "D-classical",
      "classical",
      "no post-quantum group, although one is demanded",
      ["draft-ietf-tls-ecdhe-mlkem"],
      "good",
    ),
    demand: "post-quantum",
  },
  {
    ...weak(
      "D-tls12-post-quantum",
      "tls12",
      "TLS 1.2, although a post-quantum group is demanded",
      ["draft-ietf-tls-ecdhe-mlkem"],
      "good",
    ),
    demand: "post-quantum",
  },
  {
    ...weak("D-renegotiation", "tls12", "TLS 1.2 renegotiated by the server", ["RFC 9325 section 3.5"], "good"),
    attack: "Ask for another handshake on a sealed connection, to change what it was sealed with.",
    duty: "Refuse it, or end the session: what the seal says must hold to the end.",
    severity: "low",
    script: { profile: "tls12", tls: { on: { EHLO: [{ do: "renegotiate" }, { do: "honest" }] } } },
    expected: "held",
  },
  { ...weak("D-tls11-implicit", "tls11", "implicit TLS: TLS 1.1 only", ["RFC 8996"]), transport: "implicit" },
];

function weak(
  id: string,
  profile: TlsProfile,
  title: string,
  sources: readonly string[],
  certificate: CertificateKind = "goodRsa",
): Vector {
  return {
    id,
    title,
    attack: "Offer nothing better, in the hope that the client accepts it.",
    duty: "Do not lower the policy: send no login, envelope or message.",
    sources,
    severity: "high",
    transport: "starttls",
    script: { certificate, profile },
    expected: "held",
  };
}
