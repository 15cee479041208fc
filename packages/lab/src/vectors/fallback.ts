/** Failures that invite a client to try again with less: in the clear, with older TLS, or with a peer that proves nothing. */
import { clearCapabilities } from "./capabilities.ts";
import type { Script, Step, Vector } from "./vector.ts";

const AUTH = "AUTH PLAIN LOGIN CRAM-MD5";
const GO: Step = { do: "say", text: "220 go\r\n" };
/** The next connection: the clear, and a login in it. On the port of implicit TLS the server greets at once. */
const STRIPPED: Script = {
  clear: { capabilities: [...clearCapabilities.filter((line) => line !== "STARTTLS"), AUTH] },
};
const BANNER: Script = {
  clear: {
    capabilities: [...clearCapabilities, AUTH],
    on: { greeting: [{ do: "say", text: "220 smtp.example.test ESMTP\r\n" }] },
  },
};
const OLD: Script = { certificate: "goodRsa", profile: "tls10" };
const CLOSING: readonly Step[] = [{ do: "say", text: "421 4.3.2 Closing\r\n" }, { do: "close" }];

/** A TLS alert in the clear (RFC 8446 section 6): anybody on the path can write it. */
function alert(level: 1 | 2, description: number): Step {
  return { do: "say", text: `\x15\x03\x03\x00\x02${String.fromCharCode(level, description)}` };
}

const ALERTS = [
  ["handshake-failure", "handshake_failure", alert(2, 40)],
  ["protocol-version", "protocol_version", alert(2, 70)],
  ["close-notify", "close_notify", alert(1, 0)],
] as const;

export const fallbackVectors: readonly Vector[] = [
  ...ALERTS.map(([name, title, step]) => ({
    ...fallback(`A11-${name}`, `the ClientHello answered by ${title}, and STARTTLS removed from the next connection`, {
      clear: { on: { STARTTLS: [GO, { do: "swallow" as const }, step, { do: "close" as const }] } },
      next: STRIPPED,
    }),
    sources: ["RFC 3207 section 6", "RFC 7435 section 3", "RFC 8446 section 6"],
  })),
  fallback("A11-alert-goes-on", "the ClientHello answered by an alert, and the conversation goes on in the clear", {
    clear: {
      capabilities: [...clearCapabilities, AUTH],
      on: { STARTTLS: [GO, { do: "swallow" }, alert(2, 40), { do: "say", text: "250 2.0.0 Ok\r\n" }] },
    },
  }),
  ...(
    [
      ["close", "closed at once", [{ do: "close" }]],
      ["reset", "reset at once", [{ do: "reset" }]],
      ["alert", "the ClientHello answered by an alert", [{ do: "swallow" }, alert(2, 40), { do: "close" }]],
      [
        "http",
        "the ClientHello answered by a page of HTTP",
        [
          { do: "swallow" },
          { do: "say", text: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" },
          { do: "close" },
        ],
      ],
    ] satisfies readonly (readonly [string, string, readonly Step[]])[]
  ).map(([name, title, greeting]) => ({
    ...fallback(`A12-${name}`, `implicit TLS: ${title}, and the next connection in the clear`, {
      clear: { on: { greeting } },
      next: BANNER,
    }),
    transport: "implicit" as const,
    duty: "Fail: neither this port nor another is tried in the clear.",
    sources: ["RFC 8314 section 3.3", "RFC 8314 section 5.1"],
  })),
  ...(
    [
      ["greeting", "the greeting", { clear: { on: { greeting: CLOSING } }, next: STRIPPED }],
      ["MAIL", "MAIL inside TLS", { tls: { on: { MAIL: CLOSING } }, next: STRIPPED }],
    ] satisfies readonly (readonly [string, string, Script])[]
  ).map(([name, title, script]) => ({
    ...fallback(`A13-${name}`, `421 at ${title}, and STARTTLS removed from the next connection`, script),
    sources: ["RFC 5321 section 3.8", "RFC 3207 section 6"],
  })),
  ...(
    [
      ["self-signed", "a self-signed certificate", { certificate: "selfSigned" }],
      ["other-host", "a trusted certificate for another host", { certificate: "otherHost" }],
    ] satisfies readonly (readonly [string, string, Script])[]
  ).map(([name, title, next]) => ({
    ...fallback(`C16-${name}`, `421 at MAIL from the true server, and on the next connection ${title}`, {
      tls: { on: { MAIL: CLOSING } },
      next,
    }),
    attack: "End a sealed session, and take the server's place on the next connection.",
    duty: "Verify the peer on every connection, whatever one before it has proved.",
    sources: ["RFC 9525 section 6", "RFC 8446 section 4.6.1", "CVE-2014-0139"],
  })),
  ...(
    [
      ["tls10", "TLS 1.0", OLD],
      ["anonymous", "suites without a certificate", { certificate: "goodRsa", profile: "anonymous" }],
    ] satisfies readonly (readonly [string, string, Script])[]
  ).map(([name, title, next]) => ({
    ...fallback(
      `D-fallback-${name}`,
      `the ClientHello answered by protocol_version, and on the next connection ${title}`,
      {
        clear: { on: { STARTTLS: [GO, { do: "swallow" as const }, alert(2, 70), { do: "close" as const }] } },
        next,
      },
    ),
    attack: "Break off the handshake, in the hope that the client begins another with less.",
    duty: "Offer the same TLS on every connection.",
    sources: ["CVE-2014-3566", "RFC 7507"],
    severity: "high" as const,
  })),
  {
    ...fallback("D-second-tls10", "421 at MAIL inside TLS 1.3, and TLS 1.0 on the next connection", {
      tls: { on: { MAIL: CLOSING } },
      next: OLD,
    }),
    attack: "End a sealed session, and offer nothing but old TLS on the next connection.",
    duty: "Offer the same TLS on every connection.",
    sources: ["RFC 8996", "RFC 9325 section 3.1.3"],
    severity: "high",
  },
];

function fallback(id: string, title: string, script: Script): Vector {
  return {
    id,
    title,
    attack: "Break the attempt off, in the hope that the client tries again without TLS.",
    duty: "Fix the policy before connecting, and keep it for every further attempt, on this port and on others.",
    sources: ["RFC 3207 section 6"],
    severity: "critical",
    transport: "starttls",
    script,
    expected: "held",
  };
}
