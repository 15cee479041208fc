/** Certificates in the shapes of x509-limbo and BetterTLS: chains that may not be trusted, and names that are almost the host's. */
import type { CertificateKind } from "../authority/certificate.ts";
import type { Vector } from "./vector.ts";

const LIMBO = "x509-limbo";
const CHAINS = "BetterTLS: path building";
const CONSTRAINTS = "BetterTLS: name constraints";

export const chainVectors: readonly Vector[] = [
  chain(
    "C1-other-signer",
    "signedByAnother",
    "the trusted authority's name and key identifier, and another key's signature",
    ["RFC 5280 section 6.1.3", LIMBO],
  ),
  chain("C1-key-usage", "wrongKeyUsage", "a key for revocation lists alone", ["RFC 5280 section 4.2.1.3", LIMBO]),
  chain("C11-name-permitted", "nameOutsidePermitted", "an authority that may issue for another domain alone", [
    "RFC 5280 section 4.2.1.10",
    CONSTRAINTS,
  ]),
  chain("C11-name-excluded", "nameExcluded", "an authority that may not issue for the host's domain", [
    "RFC 5280 section 4.2.1.10",
    CONSTRAINTS,
  ]),
  {
    ...chain("C11-address-excluded", "addressExcluded", "an authority that may not issue for the address", [
      "RFC 5280 section 4.2.1.10",
      CONSTRAINTS,
    ]),
    reference: "address",
    transport: "implicit",
  },
  chain("C11-path-length", "pathTooLong", "an authority below one that may have none below it", [
    "RFC 5280 section 4.2.1.9",
    LIMBO,
    CHAINS,
  ]),
  chain("C11-issuer-key-usage", "issuerWithoutKeyUsage", "an issuer whose key may not sign certificates", [
    "RFC 5280 section 4.2.1.3",
    LIMBO,
    CHAINS,
  ]),
  chain("C11-no-basic-constraints", "issuerWithoutConstraints", "an issuer without basic constraints", [
    "RFC 5280 section 6.1.4",
    "CVE-2002-0862",
    "CVE-2011-0228",
  ]),
  {
    ...chain("C11-issuer-purpose", "issuerForClientsOnly", "an authority for TLS clients alone", [
      "CA/Browser Forum Baseline Requirements section 7.1.2",
      LIMBO,
      CHAINS,
    ]),
    demand: "current-practice",
  },
  chain("C11-critical-unknown", "criticalUnknown", "a critical extension that nobody knows", [
    "RFC 5280 section 4.2",
    LIMBO,
  ]),
  chain(
    "C11-critical-unknown-above",
    "criticalUnknownInIntermediate",
    "a critical extension that nobody knows, in the intermediate",
    ["RFC 5280 section 4.2", LIMBO],
  ),
  chain("C11-expired-intermediate", "expiredIntermediate", "an intermediate that has expired", [
    "RFC 5280 section 6.1.3",
    LIMBO,
    CHAINS,
  ]),
  chain("C11-missing-intermediate", "missingIntermediate", "a chain without its intermediate", [
    "RFC 8446 section 4.4.2",
    LIMBO,
  ]),
  chain("C8-rsa-1024-above", "weakIntermediate", "an intermediate with an RSA key of 1024 bits", [
    "RFC 9325 section 4.5",
    LIMBO,
  ]),
  chain("C8-sha1-above", "sha1Intermediate", "an intermediate signed over SHA-1", [
    "RFC 9155",
    "SHAttered (2017)",
    CHAINS,
  ]),
  ...(["negative", "long"] as const).map((what) => ({
    ...chain(
      `C17-${what}-serial`,
      what === "long" ? "longSerial" : "negativeSerial",
      what === "long" ? "a serial number of 40 octets" : "a negative serial number",
      ["RFC 5280 section 4.1.2.2", LIMBO],
    ),
    attack: "None. Authorities may not issue such a certificate, and some have.",
    duty: "Deliver or refuse, and do not crash: such numbers have to be handled gracefully.",
    severity: "low" as const,
    expected: "either" as const,
  })),
];

export const nameVectors: readonly Vector[] = [
  near("C2-parent", "parentDomain", "a certificate for the domain above the host"),
  near("C2-suffix", "longerName", "a certificate for a name that begins with the host's"),
  near("C2-prefix", "prefixedName", "a certificate for a name that ends with the host's"),
  {
    ...near(
      "C2-common-name-beside",
      "commonNameBeside",
      "the host in the common name, beside the DNS name of another host",
    ),
    sources: ["RFC 9525", "RFC 2818 section 3.1", "CWE-297"],
  },
  {
    ...near("C3-nul", "nameWithNul", "the host, then NUL and the domain that the attacker has"),
    sources: ["CVE-2009-2408", "CVE-2013-4238", "CVE-2013-4248"],
  },
  near("C3-leading-dot", "nameWithLeadingDot", "the domain with a dot before it"),
  near("C3-bare-wildcard", "bareWildcard", "a wildcard alone"),
  near("C3-two-wildcards", "twoWildcards", "two wildcards"),
  near("C3-inner-wildcard", "innerWildcard", "a wildcard that is not the first label"),
  address("C4-common-name", "addressInCommonName", "the IP address in the common name only"),
  address("C4-other-address", "otherAddress", "another IP address"),
  address("C4-mapped", "mappedAddress", "the IPv4 address written as one of IPv6"),
  address("C4-wildcard", "wildcardAddress", "an IP address with a wildcard, written as a DNS name"),
];

function chain(id: string, certificate: CertificateKind, title: string, sources: readonly string[]): Vector {
  return {
    id,
    title,
    attack: "Take the server's place, with a chain that may not be trusted for it.",
    duty: "Check the whole path as RFC 5280 has it, before sending a login, an envelope or a message.",
    sources,
    severity: "critical",
    transport: "starttls",
    script: { certificate },
    expected: "held",
  };
}

function near(id: string, certificate: CertificateKind, title: string): Vector {
  return {
    id,
    title,
    attack: "Take the server's place, with a certificate for a name that only looks like the host's.",
    duty: "Compare whole names, label by label, and let a wildcard stand for the whole first label alone.",
    sources: ["RFC 9525 section 6.3", LIMBO],
    severity: "critical",
    transport: "starttls",
    script: { certificate },
    expected: "held",
  };
}

function address(id: string, certificate: CertificateKind, title: string): Vector {
  return {
    id,
    title,
    attack: "Take the place of a server that is known by its address, with a certificate that does not name it.",
    duty: "Compare an address with iPAddress alone, octet by octet.",
    sources: ["RFC 9525 section 6.4", LIMBO],
    severity: "critical",
    transport: "implicit",
    reference: "address",
    script: { certificate },
    expected: "held",
  };
}
