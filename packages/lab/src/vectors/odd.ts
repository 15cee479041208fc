/** Honest servers with the oddities that real ones have: certificates, TLS, and replies that a client has to accept. */
import type { CertificateKind } from "../authority/certificate.ts";
import { clearCapabilities, sealedCapabilities } from "./capabilities.ts";
import type { Script, Stage, Vector } from "./vector.ts";

const withData = sealedCapabilities.filter((line) => line !== "CHUNKING");
const BANNER = "220-smtp.example.test ESMTP\r\n220-No unsolicited mail is wanted here.\r\n220 \r\n";
/** UTF-8 and, after it, octets that are none. */
const FOREIGN = "250 Gr\xc3\xbc\xc3\x9fe \xe4\xfc\xff\r\n";
const ENDS = {
  close: "answered by the end of the connection",
  reset: "answered by a reset",
  stall: "not answered",
} as const;
const LONG = `250 ${"x".repeat(506)}\r\n`;

export const oddVectors: readonly Vector[] = [
  ...(
    [
      [
        "name-constraints",
        "nameConstraintsKept",
        "an authority that may issue for the host's domain alone",
        "4.2.1.10",
      ],
      ["unknown-extension", "unknownExtension", "an extension that nobody knows, but which is not critical", "4.2"],
      ["no-purposes", "withoutPurposes", "a certificate that does not say what it is for", "4.2.1.12"],
      ["upper-case-name", "upperCaseName", "the host's name in capitals", "7.2"],
      ["many-names", "manyNames", "the host's name after 200 others", "4.2.1.6"],
      ["no-expiry", "noExpiry", "a certificate without an end", "4.1.2.5"],
      ["no-subject", "noSubject", "a certificate without a subject", "4.1.2.6"],
    ] satisfies readonly (readonly [string, CertificateKind, string, string])[]
  ).map(([name, certificate, title, section]) => ({
    ...odd(`H-${name}`, title, { certificate }),
    sources: [`RFC 5280 section ${section}`, "x509-limbo"],
  })),
  ...(
    [
      ["extra-certificate", "extraCertificate", "a certificate in the chain that has nothing to do with it"],
      ["unordered-chain", "unorderedChain", "a chain of two intermediates in the wrong order"],
      ["expired-twin", "expiredTwin", "two certificates of the same intermediate, of which the first has expired"],
    ] satisfies readonly (readonly [string, CertificateKind, string])[]
  ).map(([name, certificate, title]) => ({
    ...odd(`H-${name}`, title, { certificate }),
    sources: ["RFC 8446 section 4.4.2", "BetterTLS: path building"],
  })),
  from(odd("H-p384", "a key on P-384", { certificate: "p384Key" }), "RFC 8446 section 9.1"),
  from(
    odd("H-hello-retry", "a group for which the client has to begin again", { profile: "hello-retry" }),
    "RFC 8446 section 4.1.4",
  ),
  from(
    odd("H-asks-certificate", "a server that asks for a client's certificate, and needs none", {
      asksForCertificate: true,
    }),
    "RFC 8446 section 4.4.2",
  ),
  from(
    odd("H-asks-certificate-tls12", "the same in TLS 1.2", { asksForCertificate: true, profile: "tls12" }),
    "RFC 5246 section 7.4.6",
  ),
  ...(
    [
      ["greeting-lines", "a greeting of three lines", BANNER],
      ["bare-greeting", "a greeting without a text", "220\r\n"],
    ] as const
  ).map(([name, title, text]) => odd(`H-${name}`, title, { clear: { on: { greeting: [{ do: "say", text }] } } })),
  from(
    odd("H-late-greeting", "a greeting that comes late", {
      clear: { on: { greeting: [{ do: "wait", milliseconds: 300 }, { do: "honest" }] } },
    }),
    "RFC 5321 section 4.5.3.2.1",
  ),
  inside("H-split-records", "a reply whose lines are split between records", {
    on: { EHLO: ["25", "0-smtp.exam", "ple.test\r", "\n250 AU", "TH PLAIN\r\n"].map((text) => ({ do: "say", text })) },
  }),
  inside("H-many-capabilities", "80 extensions that nobody knows", {
    capabilities: [...Array.from({ length: 80 }, (_, at) => `X-FEATHER-${at}`), ...sealedCapabilities],
  }),
  from(
    inside("H-size-zero", "no fixed limit of size", {
      capabilities: [...sealedCapabilities.filter((line) => !line.startsWith("SIZE")), "SIZE 0"],
    }),
    "RFC 1870 section 4",
  ),
  from(
    inside("H-size-bare", "a limit of size without a number", {
      capabilities: [...sealedCapabilities.filter((line) => !line.startsWith("SIZE")), "SIZE"],
    }),
    "RFC 1870 section 4",
  ),
  odd("H-trailing-spaces", "spaces after the names of extensions", {
    clear: { capabilities: clearCapabilities.map((line) => `${line} `) },
  }),
  inside("H-354-lines", "354 in two lines", {
    capabilities: withData,
    on: { DATA: [{ do: "say", text: "354-Go on\r\n354 \r\n" }, { do: "take-body" }] },
  }),
  inside(
    "H-final-lines",
    "a final reply of three lines",
    kept("250-2.0.0 Ok\r\n250-2.0.0 queued\r\n250 2.0.0 as TIDE\r\n"),
  ),
  inside("H-bare-final", "a final reply without a text", kept("250\r\n")),
  from(inside("H-long-final", "a final reply of 512 octets", kept(LONG)), "RFC 5321 section 4.5.3.1.5"),
  from(inside("H-foreign-text", "replies in UTF-8 and in something else", kept(FOREIGN)), "RFC 6531 section 3.7.4.2"),
  ...(["close", "reset"] as const).map((end) =>
    from(
      inside(`H-quit-${end}`, `QUIT ${ENDS[end]}, after the message was taken`, { on: { QUIT: [{ do: end }] } }),
      "RFC 5321 section 4.1.1.10",
    ),
  ),
  from(
    inside("H-quit-refused", "QUIT answered by 500", { on: { QUIT: [{ do: "say", text: "500 5.5.2 What?\r\n" }] } }),
    "RFC 5321 section 4.1.1.10",
  ),
];

function odd(id: string, title: string, script: Script): Vector {
  return {
    id,
    title,
    attack: "None.",
    duty: "Deliver the message inside TLS, and report that it was sent.",
    sources: ["RFC 5321 section 4.2", "RFC 5321 section 4.1.1.1"],
    severity: "none",
    transport: "starttls",
    script,
    expected: "delivered-sealed",
  };
}

function inside(id: string, title: string, tls: Stage): Vector {
  return odd(id, title, { tls });
}

function from(vector: Vector, ...sources: readonly string[]): Vector {
  return { ...vector, sources };
}

/** The message is taken, and the final reply is this. */
function kept(text: string): Stage {
  return { on: { final: [{ do: "keep" }, { do: "say", text }] } };
}
