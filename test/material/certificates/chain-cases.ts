/** Chains without a fork, in the shapes of x509-limbo, each with one unusual thing. RFC 5280 and RFC 9525 decide what is right. */
import { nameCases } from "./name-cases.ts";
import { dns, section } from "./section.ts";
import type { Case, Sheet } from "./sheet.ts";

const plain: readonly Sheet[] = [{}];
/** An unknown extension: an OCTET STRING under a private identifier. */
const UNKNOWN = "1.3.6.1.4.1.99999.7";
const unknown = (critical: boolean): Sheet => ({ extensions: [[UNKNOWN, critical, "0401ff"]] });

const basics = section("RFC 5280 section 6.1: a path from a trusted root, each certificate signed by the one above", [
  ["basic/leaf-below-the-root", "accepted", {}],
  ["basic/one-authority", "accepted", { authorities: plain }],
  ["basic/three-authorities", "accepted", { authorities: [{}, {}, {}] }],
  ["basic/root-sent-too", "accepted", { authorities: plain, sent: "root too" }],
  ["basic/authorities-sent-downwards", "accepted", { authorities: [{}, {}, {}], sent: "authorities downwards" }],
  ["basic/leaf-sent-twice", "accepted", { authorities: plain, sent: "leaf twice" }],
  ["basic/authority-left-out", "refused", { authorities: plain, sent: "leaf alone" }],
  [
    "basic/root-of-the-same-name-but-another-key",
    "refused",
    { authorities: plain, trusted: "impostor", sent: "root too" },
  ],
  ["basic/leaf-of-a-root-of-the-same-name-but-another-key", "refused", { trusted: "impostor" }],
  ["basic/authority-as-the-only-anchor", "accepted", { authorities: plain, trusted: "first authority" }],
  ["basic/leaf-as-the-only-anchor", "refused", { authorities: plain, trusted: "leaf" }],
  [
    "basic/key-in-a-chain-of-other-hashes",
    "accepted",
    { root: { hash: "SHA-384" }, authorities: [{ hash: "SHA-384" }], leaf: { hash: "SHA-384" } },
  ],
]);

const times = section("RFC 5280 section 4.1.2.5: every certificate of the path is within its time", [
  ["time/leaf-expired", "refused", { leaf: { from: -20, until: -1 } }],
  ["time/leaf-expired-a-minute-ago", "refused", { leaf: { until: -1 / 1440 } }],
  ["time/leaf-for-another-minute", "accepted", { leaf: { until: 1 / 1440 } }],
  ["time/leaf-not-yet-valid", "refused", { leaf: { from: 1 } }],
  ["time/leaf-valid-in-a-minute", "refused", { leaf: { from: 1 / 1440 } }],
  ["time/authority-expired", "refused", { authorities: [{ from: -20, until: -1 }] }],
  ["time/authority-not-yet-valid", "refused", { authorities: [{ from: 1 }] }],
  ["time/upper-authority-expired", "refused", { authorities: [{ from: -20, until: -1 }, {}] }],
  ["time/leaf-outlives-its-authority", "accepted", { authorities: [{ until: 2 }], leaf: { until: 60 } }],
  ["time/leaf-older-than-its-authority", "accepted", { authorities: [{ from: -1 }], leaf: { from: -30 } }],
  ["time/in-GeneralizedTime", "accepted", { leaf: { until: 365 * 30 } }],
]);

const constraints = section("RFC 5280 section 4.2.1.9: which certificates may issue others, and how far down", [
  ["basic-constraints/authority-without-them", "refused", { authorities: [{ authority: "unsaid" }] }],
  [
    "basic-constraints/authority-that-is-none",
    "refused",
    { authorities: [{ authority: false, usages: ["certificates"], purposes: [] }] },
  ],
  [
    "basic-constraints/leaf-as-an-authority",
    "refused",
    { authorities: [{ authority: false, names: dns("smtp.example.test") }] },
  ],
  ["basic-constraints/authority-not-critical", "accepted", { authorities: [{ basicIsCritical: false }] }],
  ["basic-constraints/leaf-without-them", "accepted", { leaf: { authority: "unsaid" } }],
  ["basic-constraints/leaf-not-critical", "accepted", { leaf: { basicIsCritical: false } }],
  [
    "basic-constraints/leaf-that-is-an-authority",
    "accepted",
    { leaf: { authority: true, usages: ["signature", "certificates"], purposes: ["server"] } },
  ],
  ["path-length/zero-and-a-leaf-below", "accepted", { authorities: [{ pathLength: 0 }] }],
  ["path-length/zero-and-an-authority-below", "refused", { authorities: [{ pathLength: 0 }, {}] }],
  ["path-length/one-and-an-authority-below", "accepted", { authorities: [{ pathLength: 1 }, {}] }],
  ["path-length/one-and-two-authorities-below", "refused", { authorities: [{ pathLength: 1 }, {}, {}] }],
  ["path-length/grows-below", "accepted", { authorities: [{ pathLength: 1 }, { pathLength: 9 }] }],
  ["path-length/does-not-widen-below", "refused", { authorities: [{ pathLength: 1 }, { pathLength: 9 }, {}] }],
  [
    "path-length/self-issued-authorities-do-not-count",
    "accepted",
    { authorities: [{ pathLength: 0, subject: "Same" }, { subject: "Same" }] },
  ],
  ["path-length/in-a-leaf", "accepted", { leaf: { pathLength: 0 } }],
]);

const usages = section("RFC 5280 section 4.2.1.3: what a key may do", [
  ["key-usage/authority-may-not-sign-certificates", "refused", { authorities: [{ usages: ["signature"] }] }],
  ["key-usage/authority-with-lists-only", "refused", { authorities: [{ usages: ["lists"] }] }],
  ["key-usage/authority-unsaid", "accepted", { authorities: [{ usages: [] }] }],
  ["key-usage/leaf-unsaid", "accepted", { leaf: { usages: [] } }],
  ["key-usage/leaf-with-agreement-only", "refused", { leaf: { usages: ["agreement"] } }],
  ["key-usage/leaf-with-encipherment-only", "refused", { leaf: { usages: ["encipherment"] } }],
  [
    "key-usage/leaf-may-sign-certificates-though-it-is-none",
    "refused",
    { leaf: { usages: ["signature", "certificates"] } },
  ],
]);

const purposes = section("RFC 5280 section 4.2.1.12: what a certificate is for", [
  ["purpose/client-only", "refused", { leaf: { purposes: ["client"] } }],
  ["purpose/code-only", "refused", { leaf: { purposes: ["code"] } }],
  ["purpose/email-only", "refused", { leaf: { purposes: ["email"] } }],
  ["purpose/stamping-only", "refused", { leaf: { purposes: ["stamping"] } }],
  ["purpose/server-among-others", "accepted", { leaf: { purposes: ["client", "server", "email"] } }],
  ["purpose/server-critical", "accepted", { leaf: { purposesAreCritical: true } }],
  ["purpose/unsaid", "accepted", { leaf: { purposes: [] } }],
  ["purpose/any-only", "accepted", { leaf: { purposes: ["any"] } }],
  ["purpose/microsoft-sgc-only", "refused", { leaf: { purposes: ["microsoft-sgc"] } }],
  ["purpose/netscape-sgc-only", "refused", { leaf: { purposes: ["netscape-sgc"] } }],
  ["purpose/server-and-sgc", "accepted", { leaf: { purposes: ["server", "netscape-sgc"] } }],
  ["purpose/authority-for-servers", "accepted", { authorities: [{ purposes: ["server"] }] }],
  ["purpose/authority-for-clients-only", "refused", { authorities: [{ purposes: ["client"] }] }],
  ["purpose/authority-for-email-only", "refused", { authorities: [{ purposes: ["email"] }] }],
  ["purpose/authority-for-anything", "accepted", { authorities: [{ purposes: ["any"] }] }],
]);

const extensions = section("RFC 5280 section 4.2: an unknown extension matters if it is critical", [
  ["extension/unknown-in-the-leaf", "accepted", { leaf: unknown(false) }],
  ["extension/unknown-critical-in-the-leaf", "refused", { leaf: unknown(true) }],
  ["extension/unknown-in-the-authority", "accepted", { authorities: [unknown(false)] }],
  ["extension/unknown-critical-in-the-authority", "refused", { authorities: [unknown(true)] }],
  [
    "extension/the-same-twice-in-the-leaf",
    "refused",
    { leaf: { extensions: [["2.5.29.17", false, "3013821161747461636b65722e6578616d706c65"]] } },
  ],
  [
    "extension/basic-constraints-twice-in-the-authority",
    "refused",
    { authorities: [{ extensions: [["2.5.29.19", true, "3000"]] }] },
  ],
  [
    "extension/malformed-names-in-the-leaf",
    "refused",
    { leaf: { names: [], extensions: [["2.5.29.17", false, "3005820361"]] } },
  ],
  [
    "extension/critical-policies-in-the-leaf",
    "accepted",
    { leaf: { extensions: [["2.5.29.32", true, "3006300406022a03"]] } },
  ],
  [
    "extension/explicit-policy-demanded-and-absent",
    "refused",
    { authorities: [{ extensions: [["2.5.29.36", true, "3003800100"]] }] },
  ],
  ["extension/inhibit-any-policy", "accepted", { authorities: [{ extensions: [["2.5.29.54", true, "020100"]] }] }],
  ["extension/precertificate-poison", "refused", { leaf: { extensions: [["1.3.6.1.4.1.11129.2.4.3", true, "0500"]] } }],
  [
    "extension/must-staple-without-a-staple",
    "accepted",
    { leaf: { extensions: [["1.3.6.1.5.5.7.1.24", false, "3003020105"]] } },
  ],
]);

const identifiers = section(
  "RFC 5280 sections 4.2.1.1 and 4.2.1.2: key identifiers help to find a path, and do not prove one",
  [
    [
      "identifier/leaf-without-the-authority's",
      "accepted",
      { authorities: plain, leaf: { authorityKeyIdentifier: "none" } },
    ],
    ["identifier/leaf-without-its-own", "accepted", { leaf: { subjectKeyIdentifier: "none" } }],
    [
      "identifier/leaf-with-a-critical-one-of-the-authority",
      "refused",
      { leaf: { authorityKeyIdentifier: "critical" } },
    ],
    ["identifier/leaf-with-a-critical-one-of-its-own", "refused", { leaf: { subjectKeyIdentifier: "critical" } }],
    [
      "identifier/leaf-with-a-wrong-one-of-the-authority",
      "accepted",
      { authorities: plain, leaf: { authorityKeyIdentifier: "wrong" } },
    ],
    ["identifier/authority-without-its-own", "accepted", { authorities: [{ subjectKeyIdentifier: "none" }] }],
    ["identifier/authority-without-the-root's", "accepted", { authorities: [{ authorityKeyIdentifier: "none" }] }],
    [
      "identifier/root-without-its-own",
      "accepted",
      { root: { subjectKeyIdentifier: "none", authorityKeyIdentifier: "none" } },
    ],
    ["identifier/root-with-a-wrong-one-above", "accepted", { root: { authorityKeyIdentifier: "wrong" } }],
  ],
);

const serials = section("RFC 5280 section 4.1.2.2: a positive number of at most 20 octets", [
  ["serial/one", "accepted", { leaf: { serial: "01" } }],
  ["serial/twenty-octets", "accepted", { leaf: { serial: "7f".repeat(20) } }],
  ["serial/twenty-one-octets", "refused", { leaf: { serial: "7f".repeat(21) } }],
  ["serial/zero", "refused", { leaf: { serial: "00" } }],
]);

const keys = section("RFC 5280 section 6 with a security level of 112 bits: keys and hashes that are strong enough", [
  ["key/p256", "accepted", {}],
  ["key/p384", "accepted", { leaf: { key: "p384" } }],
  ["key/p521", "accepted", { leaf: { key: "p521" } }],
  ["key/ed25519", "accepted", { leaf: { key: "ed25519", usages: ["signature"] } }],
  ["key/ed448", "accepted", { leaf: { key: "ed448", usages: ["signature"] } }],
  ["key/rsa2048", "accepted", { leaf: { key: "rsa2048" } }],
  ["key/rsa1024", "refused", { leaf: { key: "rsa1024" } }],
  ["key/p192", "refused", { leaf: { key: "p192" } }],
  ["key/p224", "refused", { leaf: { key: "p224" } }],
  ["key/secp256k1", "refused", { leaf: { key: "secp256k1" } }],
  ["key/dsa", "refused", { leaf: { key: "dsa" } }],
  ["hash/sha1-on-the-leaf", "refused", { leaf: { hash: "SHA-1" } }],
  ["hash/sha1-on-the-authority", "refused", { authorities: [{ hash: "SHA-1" }] }],
  ["hash/sha1-on-the-root-which-nobody-checks", "accepted", { root: { hash: "SHA-1" } }],
]);

const anchors = section("RFC 5937: what a trust anchor says of itself holds, if the client enforces it", [
  ["root/time-expired", "refused", { root: { from: -20, until: -1 } }],
  ["root/time-not-yet-valid", "refused", { root: { from: 1 } }],
  [
    "root/basic-constraints-without-them",
    "refused",
    { root: { authority: "unsaid", usages: ["certificates"], purposes: [] } },
  ],
  [
    "root/basic-constraints-that-is-none",
    "refused",
    { root: { authority: false, usages: ["certificates"], purposes: [] } },
  ],
  ["root/basic-constraints-not-critical", "accepted", { root: { basicIsCritical: false } }],
  ["root/path-length-of-its-own", "refused", { root: { pathLength: 0 }, authorities: plain }],
  ["root/path-length-kept", "accepted", { root: { pathLength: 0 } }],
  ["root/key-usage-may-not-sign-certificates", "refused", { root: { usages: ["lists"] } }],
  ["root/key-usage-unsaid", "accepted", { root: { usages: [] } }],
  ["root/purpose-for-clients-only", "refused", { root: { purposes: ["client"] } }],
  ["root/extension-unknown-critical", "refused", { root: unknown(true) }],
  ["root/scope-of-its-own", "refused", { root: { permit: dns("example.com") } }],
  ["root/scope-kept", "accepted", { root: { permit: dns("example.test") } }],
]);

export const chainCases: readonly Case[] = [
  basics,
  times,
  constraints,
  usages,
  purposes,
  extensions,
  identifiers,
  serials,
  keys,
  anchors,
  nameCases,
].flat();
