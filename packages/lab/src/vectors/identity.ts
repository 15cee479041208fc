/** Certificates: TLS is worth nothing until the peer has proved to be the host. */
import type { CertificateKind } from "../authority/certificate.ts";
import type { Vector } from "./vector.ts";

export const identityVectors: readonly Vector[] = [
  bad("C1-self-signed", "selfSigned", "a self-signed certificate", [
    "RFC 5280 section 6",
    "striptls SMTP.InboundStarttlsProxy",
  ]),
  bad("C1-unknown-authority", "unknownAuthority", "an untrusted authority with the name of a trusted one", [
    "RFC 5280 section 6",
    "striptls SMTP.UntrustedIntercept",
  ]),
  bad("C1-expired", "expired", "a certificate that has expired", ["RFC 5280 section 4.1.2.5"]),
  bad("C1-not-yet-valid", "notYetValid", "a certificate that is not valid yet", ["RFC 5280 section 4.1.2.5"]),
  bad("C1-client-auth", "clientAuthOnly", "a certificate for TLS clients only", ["RFC 5280 section 4.2.1.12"]),
  bad("C1-issuer-without-right", "issuerWithoutRight", "an issuer that is not an authority (CA:FALSE)", [
    "RFC 5280 section 4.2.1.9",
  ]),
  bad("C2-other-host", "otherHost", "a trusted certificate for another host", ["RFC 9525"]),
  {
    ...bad("C3-common-name", "commonNameOnly", "the host in the common name only", ["RFC 9525"]),
    demand: "current-practice",
  },
  {
    ...bad("C3-uri", "uriOnly", "the host only in a URI and in the common name", ["RFC 9525"]),
    demand: "current-practice",
  },
  {
    ...bad("C3-email", "emailOnly", "the host only in a mail address and in the common name", ["RFC 9525"]),
    demand: "current-practice",
  },
  {
    ...bad("C3-srv", "srvOnly", "the host only in an SRVName and in the common name", ["RFC 4985", "RFC 9525"]),
    demand: "current-practice",
  },
  {
    ...bad("C3-partial-wildcard", "partialWildcard", "a wildcard inside a label", ["RFC 9525 section 6.3"]),
    demand: "current-practice",
  },
  {
    ...bad("C3-two-labels", "wildcard", "a wildcard that would have to stand for two labels", ["RFC 9525 section 6.3"]),
    reference: "deepName",
  },
  {
    ...bad("C4-address-as-name", "addressAsName", "an IP address written as a DNS name", ["RFC 9525"]),
    reference: "address",
    transport: "implicit",
  },
  bad("C8-rsa-1024", "weakKey", "an RSA key of 1024 bits", ["RFC 9325 section 4.5"]),
  bad("C8-sha1", "sha1", "a certificate signed over SHA-1", ["RFC 9325"]),
  ...(
    [
      ["self-signed", "selfSigned", "a self-signed certificate"],
      ["unknown-authority", "unknownAuthority", "an untrusted authority"],
      ["expired", "expired", "a certificate that has expired"],
      ["other-host", "otherHost", "a trusted certificate for another host"],
    ] as const
  ).map(([name, kind, what]) => ({
    ...bad(`C-implicit-${name}`, kind, `implicit TLS: ${what}`, ["RFC 8314 section 3.3", "RFC 9525"]),
    transport: "implicit" as const,
  })),
  {
    ...bad("C9-must-staple", "mustStaple", "a promise to staple an OCSP response, but none comes", ["RFC 7633"]),
    duty: "None: the client's TLS library does not show it. SECURITY.md says that revocation is not checked.",
    severity: "none",
    expected: "delivered-sealed",
  },
];

function bad(id: string, certificate: CertificateKind, title: string, sources: readonly string[]): Vector {
  return {
    id,
    title,
    attack: "Take the server's place, with a certificate that an attacker can get.",
    duty: "Refuse it before sending a login, an envelope or a message.",
    sources,
    severity: "critical",
    transport: "starttls",
    script: { certificate },
    expected: "held",
  };
}
