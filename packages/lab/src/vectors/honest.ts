/** Honest servers, some of them odd: a client that refuses these is over-strict, and the first of them is the positive control. */
import { clearCapabilities } from "./capabilities.ts";
import type { Script, Vector } from "./vector.ts";

export const honest: Vector = harmless("H-starttls", "an honest server with STARTTLS", "starttls", {});
export const honestImplicit: Vector = harmless("H-implicit", "an honest server with implicit TLS", "implicit", {});

export const honestVectors: readonly Vector[] = [
  honest,
  honestImplicit,
  harmless("A5-lower-case", "STARTTLS offered in lower case", "starttls", {
    clear: { capabilities: clearCapabilities.map((line) => (line === "STARTTLS" ? "starttls" : line)) },
  }),
  harmless("H-bare-220", "STARTTLS answered by 220 without a text", "starttls", answering("220\r\n")),
  harmless("H-220-space", "STARTTLS answered by 220 and a space", "starttls", answering("220 \r\n")),
  harmless(
    "H-multi-line-220",
    "STARTTLS answered by 220 in two lines",
    "starttls",
    answering("220-ready\r\n220 go\r\n"),
  ),
  harmless("H-dripped-220", "STARTTLS answered octet by octet", "starttls", {
    clear: { on: { STARTTLS: [{ do: "say", text: "220 go\r\n", every: 1 }, { do: "tls" }] } },
  }),
  harmless("H-dripped-ehlo", "EHLO answered octet by octet", "starttls", {
    clear: { on: { EHLO: [{ do: "say", text: "250-smtp.example.test\r\n250 STARTTLS\r\n", every: 1 }] } },
  }),
  harmless("H-few-capabilities", "no extension but AUTH inside TLS", "starttls", {
    clear: { capabilities: ["STARTTLS"] },
    tls: { capabilities: ["AUTH PLAIN"] },
  }),
  harmless("H-unknown-capabilities", "unknown extensions", "starttls", {
    tls: { capabilities: ["X-TIDE 4 knots", "AUTH=PLAIN", "AUTH PLAIN X-FEATHER", "8bitmime"] },
  }),
  harmless("H-tls12", "TLS 1.2 only", "starttls", { profile: "tls12" }),
  harmless("H-classical", "no post-quantum group, and none demanded", "starttls", { profile: "classical" }),
  harmless("H-rsa", "an RSA certificate", "starttls", { certificate: "goodRsa" }),
  harmless("H-intermediate", "a chain with an intermediate", "starttls", { certificate: "goodIntermediate" }),
  harmless("H-wildcard", "a wildcard for one label", "starttls", { certificate: "wildcard" }),
  {
    ...harmless("H-address", "an IP address as the reference identifier, and in the certificate", "implicit", {
      certificate: "goodAddress",
    }),
    reference: "address",
  },
];

function harmless(id: string, title: string, transport: Vector["transport"], script: Script): Vector {
  return {
    id,
    title,
    attack: "None.",
    duty: "Deliver the message inside TLS.",
    sources: ["RFC 3207 section 4", "RFC 8314 section 3.3", "RFC 5321 section 4.2"],
    severity: "none",
    transport,
    script,
    expected: "delivered-sealed",
  };
}

function answering(text: string): Script {
  return { clear: { on: { STARTTLS: [{ do: "say", text }, { do: "tls" }] } } };
}
