/** Servers that are hostile or sick: each costs the client an error and no more, and the outcome is reported truly. */
import { sealedCapabilities } from "./capabilities.ts";
import type { Cut, Moment, Script, Step, Vector } from "./vector.ts";

const SLOW = 5;
const silent: readonly Step[] = [{ do: "stall" }];
/** A line that never ends, as far as the client can tell: 64 MiB, since the fixture has to stop somewhere. */
const giantLine: readonly Step[] = [
  { do: "say", text: "250-" },
  { do: "repeat", text: "x".repeat(65_536), times: 1024 },
];
/** 10 MiB of lines of one reply. */
const endlessReply: readonly Step[] = [{ do: "repeat", text: "250-X-MORE\r\n".repeat(1024), times: 853 }];
const withData = sealedCapabilities.filter((line) => line !== "CHUNKING");
const closing: readonly Step[] = [{ do: "say", text: "421 4.3.2 Closing\r\n" }, { do: "close" }];

export const sickVectors: readonly Vector[] = [
  sick("G-drip-greeting", "a greeting that drips for ever", { clear: { on: { greeting: drip("220-") } } }),
  sick("G-drip-ehlo", "an EHLO reply inside TLS that drips for ever", { tls: { on: { EHLO: drip("250-") } } }),
  {
    ...sick("G-drip-final", "a final reply that drips for ever", { tls: { on: { final: drip("250-") } } }),
    expected: "unknown" as const,
  },
  sick("G-giant-line-greeting", "a greeting of 64 MiB", { clear: { on: { greeting: giantLine } } }),
  sick("G-giant-line-ehlo", "an EHLO reply of one line of 64 MiB", { tls: { on: { EHLO: giantLine } } }),
  sick("G-endless-reply-clear", "an EHLO reply of endless lines in the clear", {
    clear: { on: { EHLO: endlessReply } },
  }),
  sick("G-endless-reply", "an EHLO reply of endless lines inside TLS", { tls: { on: { EHLO: endlessReply } } }),
  sick("G-code-changes", "a code that changes inside the EHLO reply", {
    tls: { on: { EHLO: [{ do: "say", text: "250-smtp.example.test\r\n550 AUTH PLAIN\r\n" }] } },
  }),
  {
    ...sick("G-code-changes-final", "a code that changes inside the final reply", {
      tls: { on: { final: [{ do: "say", text: "250-2.0.0 Ok\r\n550 5.0.0 No\r\n" }] } },
    }),
    expected: "unknown" as const,
  },
  sick("G-silence", "a connection accepted, then silence", { clear: { on: { greeting: silent } } }),
  {
    ...sick("G-silence-implicit", "implicit TLS: a connection accepted, then silence", {
      clear: { on: { greeting: silent } },
    }),
    transport: "implicit",
  },
  sick("G-silent-ehlo", "silence at EHLO inside TLS", { tls: { on: { EHLO: silent } } }),
  sick("G-silent-auth", "silence at AUTH", { tls: { on: { AUTH: silent } } }),
  sick("G-handshake-silence", "220, then no handshake", {
    clear: { on: { STARTTLS: [{ do: "say", text: "220 go\r\n" }, ...silent] } },
  }),
  sick("G-handshake-stalls", "a handshake that stalls in the server's first flight", {
    clear: {
      on: {
        STARTTLS: [
          { do: "say", text: "220 go\r\n" },
          { do: "tls", stallAfter: 100 },
        ],
      },
    },
  }),
  {
    ...sick("G-handshake-stalls-implicit", "implicit TLS: a handshake that stalls", {
      clear: { on: { greeting: [{ do: "tls", stallAfter: 100 }] } },
    }),
    transport: "implicit",
  },
  sick("G-421-greeting", "421 instead of a greeting", { clear: { on: { greeting: closing } } }),
  sick("G-554-greeting", "554 instead of a greeting", {
    clear: { on: { greeting: [{ do: "say", text: "554 5.3.2 No service\r\n" }] } },
  }),
  sick("G-421-ehlo-clear", "421 to EHLO in the clear", { clear: { on: { EHLO: closing } } }),
  sick("G-421-ehlo", "421 to EHLO inside TLS", { tls: { on: { EHLO: closing } } }),
  sick("G-421-auth", "421 to AUTH", { tls: { on: { AUTH: closing } } }),
  ...(["MAIL", "RCPT", "BDAT", "final"] as const).map((moment) => refusing421(moment, sealedCapabilities)),
  ...(["DATA", "final"] as const).map((moment) => refusing421(moment, withData)),
  {
    ...sick("G-loses", "the message handed over, then silence", { tls: { on: { final: silent } } }),
    expected: "unknown" as const,
  },
  ...(["close", "reset"] as const).map((end) => ({
    ...sick(`G-loses-${end}`, `the message handed over, then the connection ${end === "close" ? "closed" : "reset"}`, {
      tls: { on: { final: [{ do: end }] } },
    }),
    expected: "unknown" as const,
  })),
  {
    ...sick("G-quit-silence", "silence at QUIT, after the message was taken", { tls: { on: { QUIT: silent } } }),
    attack: "Keep the client waiting after all is done.",
    duty: "Report that the message was sent, and end the connection within the deadline.",
    sources: ["RFC 5321 section 4.1.1.10"],
    severity: "low" as const,
    expected: "delivered-sealed" as const,
  },
  sick("G-354-for-nobody", "354 and then 250, after every recipient was refused", {
    tls: {
      capabilities: withData,
      on: {
        RCPT: [{ do: "say", text: "550 5.1.1 No such mailbox\r\n" }],
        DATA: [{ do: "say", text: "354 go\r\n" }, { do: "take-body" }],
        final: [{ do: "say", text: "250 2.0.0 Ok: queued\r\n" }],
      },
    },
  }),
  sick("G-250-for-nobody", "250 to the body, after every recipient was refused", {
    tls: {
      on: {
        RCPT: [{ do: "say", text: "550 5.1.1 No such mailbox\r\n" }],
        BDAT: [{ do: "honest" }, { do: "say", text: "250 2.0.0 Ok: queued\r\n" }],
      },
    },
  }),
  sick("G-sender-refused", "MAIL refused, and everything after it accepted", {
    tls: {
      on: {
        MAIL: [{ do: "say", text: "550 5.7.1 Not you\r\n" }],
        RCPT: [{ do: "say", text: "250 2.1.5 Ok\r\n" }],
      },
    },
  }),
  sick("G-chunk-runs", "a chunk refused for its size, and its octets run as commands", {
    tls: { on: { BDAT: [{ do: "say", text: "552 5.3.4 Too big\r\n" }] } },
  }),
  {
    ...sick("G-keeps-sender", "the first transaction's recipients refused, and its sender kept for the next one", {
      tls: { on: { RCPT: [{ do: "say", text: "550 5.1.1 No such mailbox\r\n" }] }, only: { RCPT: 1 } },
    }),
    expected: "either" as const,
  },
];

/** A server that closes after the final reply to this many messages on one connection. */
export function closesAfter(messages: number): Vector {
  return {
    ...sick(`G-closes-after-${messages}`, `the connection closed after message ${messages}`, {
      tls: { on: { final: [{ do: "honest" }, { do: "close" }] }, only: { final: messages } },
    }),
    expected: "either" as const,
  };
}

/** A connection that ends at one octet of the conversation. Call it for every octet of the conversation. */
export function cutAfter(after: number, of: Cut["of"], by: Cut["by"]): Vector {
  return {
    ...sick(`G-${by}-${of}-${after}`, `ended by ${by} at octet ${after} of the ${of}`, { cut: { after, of, by } }),
    expected: "either" as const,
  };
}

/** Begins a reply, and then adds an octet every few milliseconds until the client leaves. */
function drip(start: string): readonly Step[] {
  return [
    { do: "say", text: start },
    { do: "repeat", text: "x", every: SLOW },
  ];
}

function refusing421(moment: Moment, capabilities: readonly string[]): Vector {
  const by = capabilities === withData ? "data" : "bdat";
  return {
    ...sick(
      `G-421-${moment}-${by}`,
      `421 ${moment === "final" ? "after the message" : `at ${moment}`}, with ${by.toUpperCase()}`,
      {
        tls: { capabilities, on: { [moment]: closing } },
      },
    ),
    expected: "held",
  };
}

function sick(id: string, title: string, script: Script): Vector {
  return {
    id,
    title,
    attack: "Keep the client waiting, exhaust it, or mislead it about what became of the message.",
    duty: "Fail with an error within the deadline, in bounded memory, and report every recipient truly.",
    sources: ["RFC 5321 section 4.5.3", "RFC 5321 section 4.2.5"],
    severity: "medium",
    transport: "starttls",
    script,
    expected: "held",
  };
}
