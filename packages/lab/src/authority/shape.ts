/** Certificates in the shapes of x509-limbo and BetterTLS. Each bad one is bad in one way only. */
import { type Authority, HOST, type Issued } from "./authority.ts";

export type ShapeKind =
  | "nameConstraintsKept"
  | "nameOutsidePermitted"
  | "nameExcluded"
  | "addressExcluded"
  | "pathTooLong"
  | "issuerWithoutKeyUsage"
  | "issuerWithoutConstraints"
  | "issuerForClientsOnly"
  | "expiredIntermediate"
  | "weakIntermediate"
  | "sha1Intermediate"
  | "missingIntermediate"
  | "criticalUnknown"
  | "criticalUnknownInIntermediate"
  | "unknownExtension"
  | "wrongKeyUsage"
  | "signedByAnother"
  | "withoutPurposes"
  | "extraCertificate"
  | "unorderedChain"
  | "expiredTwin"
  | "upperCaseName"
  | "manyNames"
  | "noExpiry"
  | "noSubject"
  | "p384Key"
  | "negativeSerial"
  | "longSerial"
  | "nameWithNul"
  | "nameWithLeadingDot"
  | "bareWildcard"
  | "twoWildcards"
  | "innerWildcard"
  | "parentDomain"
  | "longerName"
  | "prefixedName"
  | "commonNameBeside"
  | "addressInCommonName"
  | "otherAddress"
  | "mappedAddress"
  | "wildcardAddress";

export const shapes: Readonly<Record<ShapeKind, (authority: Authority) => Promise<Issued>>> = {
  // Chains (RFC 5280 section 6.1).
  nameConstraintsKept: async (authority) =>
    (await authority.intermediate({ sheet: { permit: [["dns", "example.test"]] } })).issue({ names: [["dns", HOST]] }),
  nameOutsidePermitted: async (authority) =>
    (await authority.intermediate({ sheet: { permit: [["dns", "other.test"]] } })).issue({ names: [["dns", HOST]] }),
  nameExcluded: async (authority) =>
    (await authority.intermediate({ sheet: { exclude: [["dns", "example.test"]] } })).issue(),
  addressExcluded: async (authority) =>
    (await authority.intermediate({ sheet: { exclude: [["ip", `${authority.address}/255.255.255.255`]] } })).issue(),
  pathTooLong: async (authority) =>
    (await (await authority.intermediate({ sheet: { pathLength: 0 } })).intermediate()).issue(),
  issuerWithoutKeyUsage: async (authority) =>
    (await authority.intermediate({ sheet: { usages: ["signature"] } })).issue(),
  issuerWithoutConstraints: async (authority) =>
    (await authority.intermediate({ sheet: { authority: "unsaid" } })).issue(),
  issuerForClientsOnly: async (authority) =>
    (await authority.intermediate({ sheet: { purposes: ["client"] } })).issue(),
  expiredIntermediate: async (authority) => (await authority.intermediate({ sheet: EXPIRED })).issue(),
  weakIntermediate: async (authority) => (await authority.intermediate({ key: "rsa1024" })).issue(),
  sha1Intermediate: async (authority) => (await authority.intermediate({ sheet: { hash: "SHA-1" } })).issue(),
  missingIntermediate: async (authority) => {
    const { chain, key } = await (await authority.intermediate()).issue();
    return { chain: certificatesIn(chain).slice(0, 1).join(""), key };
  },

  // What a certificate is for, and who signed it.
  criticalUnknown: (authority) => authority.issue({ sheet: { extensions: [[PRIVATE, true, "0500"]] } }),
  criticalUnknownInIntermediate: async (authority) =>
    (await authority.intermediate({ sheet: { extensions: [[PRIVATE, true, "0500"]] } })).issue(),
  unknownExtension: (authority) => authority.issue({ sheet: { extensions: [[PRIVATE, false, "0500"]] } }),
  /** A key that signs revocation lists alone. */
  wrongKeyUsage: (authority) => authority.issue({ sheet: { usages: ["lists"] } }),
  /** Names the authority and its key, but another key has signed it. */
  signedByAnother: (authority) => authority.issue({ signedByAnother: true }),
  withoutPurposes: (authority) => authority.issue({ sheet: { purposes: [] } }),

  // Odd but harmless.
  extraCertificate: async (authority) => {
    const { chain, key } = await authority.issue();
    const { chain: other } = await authority.issueSelfSigned({ commonName: "stray.example.test" });
    return { chain: chain + other, key };
  },
  unorderedChain: async (authority) => {
    const { chain, key } = await (await (await authority.intermediate()).intermediate()).issue();
    const [leaf = "", ...others] = certificatesIn(chain);
    return { chain: [leaf, ...others.toReversed()].join(""), key };
  },
  /** The intermediate is there twice, with one key: the one that comes first has expired. */
  expiredTwin: async (authority) => (await authority.intermediate({ twin: EXPIRED })).issue(),
  upperCaseName: (authority) => authority.issue({ names: [["dns", HOST.toUpperCase()]] }),
  manyNames: (authority) =>
    authority.issue({
      names: [...Array.from({ length: 200 }, (_, at) => ["dns", `host-${at}.example.test`] as const), ["dns", HOST]],
    }),
  /** RFC 5280 section 4.1.2.5. */
  noExpiry: (authority) => authority.issue({ notAfter: new Date("9999-12-31T23:59:59Z") }),
  noSubject: (authority) => authority.issue({ commonName: "", sheet: { namesAreCritical: true } }),
  p384Key: (authority) => authority.issue({ key: "p384" }),
  negativeSerial: (authority) => authority.issue({ sheet: { serial: "80" } }),
  longSerial: (authority) => authority.issue({ sheet: { serial: "5a".repeat(40) } }),

  // Names that are almost the host's.
  nameWithNul: (authority) =>
    authority.issue({ commonName: "other.example", names: [["dns", `${HOST}\0.other.example`]] }),
  nameWithLeadingDot: (authority) => named(authority, ".example.test"),
  bareWildcard: (authority) => named(authority, "*"),
  twoWildcards: (authority) => named(authority, "*.*.test"),
  innerWildcard: (authority) => named(authority, "smtp.*.test"),
  parentDomain: (authority) => named(authority, "example.test"),
  longerName: (authority) => named(authority, `${HOST}.other.example`),
  prefixedName: (authority) => named(authority, `x${HOST}`),
  commonNameBeside: (authority) => authority.issue({ commonName: HOST, names: [["dns", "other.example.test"]] }),

  // Names that are almost the address.
  addressInCommonName: (authority) => authority.issue({ commonName: authority.address, names: [["dns", HOST]] }),
  otherAddress: (authority) => authority.issue({ commonName: "address", names: [["ip", "192.0.2.1"]] }),
  mappedAddress: (authority) =>
    authority.issue({ commonName: "address", names: [["hex", `8710${"00".repeat(10)}ffff${octets(authority)}`]] }),
  wildcardAddress: (authority) =>
    authority.issue({ commonName: "address", names: [["dns", authority.address.replace(/^\d+/, "*")]] }),
};

/** What a client may dial, and each of these proves. Those that are not here prove nothing. */
export const provenShapes: Readonly<Partial<Record<ShapeKind, readonly ("name" | "address")[]>>> = {
  nameConstraintsKept: ["name"],
  unknownExtension: ["name", "address"],
  withoutPurposes: ["name", "address"],
  extraCertificate: ["name", "address"],
  unorderedChain: ["name", "address"],
  expiredTwin: ["name", "address"],
  upperCaseName: ["name"],
  manyNames: ["name"],
  noExpiry: ["name", "address"],
  noSubject: ["name", "address"],
  p384Key: ["name", "address"],
  negativeSerial: ["name", "address"],
  longSerial: ["name", "address"],
};

/** Those that are about a DNS name alone: they say nothing to a client that dials an address. */
export const nameShapes: readonly ShapeKind[] = [
  "nameConstraintsKept",
  "nameOutsidePermitted",
  "nameExcluded",
  "upperCaseName",
  "manyNames",
  "nameWithNul",
  "nameWithLeadingDot",
  "bareWildcard",
  "twoWildcards",
  "innerWildcard",
  "parentDomain",
  "longerName",
  "prefixedName",
  "commonNameBeside",
];

/** An extension that nobody knows. */
const PRIVATE = "1.3.6.1.4.1.99999.2";
const EXPIRED = { from: -730, until: -365 } as const;

/** The common name says nothing about the host, so that only the alternative name can match. */
function named(authority: Authority, name: string): Promise<Issued> {
  return authority.issue({ commonName: "almost", names: [["dns", name]] });
}

function certificatesIn(chain: string): readonly string[] {
  return chain.split(/(?<=-----END CERTIFICATE-----\n)/).filter((part) => part.trim() !== "");
}

function octets({ address }: Authority): string {
  return Buffer.from(address.split(".").map(Number)).toString("hex");
}
