/** Attacks across the line between clear and TLS: nothing that was said before TLS may have an effect inside it. */
import { ehloReply } from "../server/command.ts";
import { sealedCapabilities } from "./capabilities.ts";
import type { Hold, Script, Step, Vector } from "./vector.ts";

const BAIT = ehloReply(["AUTH CRAM-MD5 LOGIN"]);
const GO = "220 go\r\n";
const silent: Step = { do: "stall" };
/**
 * A client that has taken a reply from the clear for an answer has nothing to wait for, and speaks. Others wait: the first answer is
 * late enough for any machine, and the later ones together are shorter than a client's patience.
 */
const HOLD: Hold = { first: 1_500, later: 400 };

const sealedWithout = sealedCapabilities.filter((line) => !line.startsWith("AUTH"));
/** Other mechanisms than the bait offers, so that a client that uses one of the bait's has taken the bait. */
const OTHER_MECHANISMS: readonly string[] = [...sealedWithout, "AUTH PLAIN SCRAM-SHA-256"];

/** A whole session, for a client that reads answers before it has asked: it logs in, sends, and believes that it did. */
const SESSION = [ehloReply(["AUTH PLAIN"]), "235 ok", "250 ok", "250 ok", "354 go", "250 queued", "221 bye"]
  .map((reply) => (reply.endsWith("\r\n") ? reply : `${reply}\r\n`))
  .join("");

export const boundaryVectors: readonly Vector[] = [
  injected("B1-same-segment", "an EHLO reply in the same segment as the 220", [
    { do: "say", text: GO + BAIT },
    { do: "tls" },
  ]),
  injected("B1-one-octet", "one octet in the same segment as the 220", [{ do: "say", text: `${GO}2` }, { do: "tls" }]),
  injected("B1-empty-line", "an empty line in the same segment as the 220", [
    { do: "say", text: `${GO}\r\n` },
    { do: "tls" },
  ]),
  injected("B1-after-hello", "an EHLO reply in the clear, in answer to the ClientHello", [
    { do: "say", text: GO },
    { do: "hear" },
    { do: "say", text: BAIT },
    { do: "tls" },
  ]),
  injected("B1-octets", "the 220 and then an EHLO reply, octet by octet", [
    { do: "say", text: GO + BAIT, every: 1 },
    { do: "tls" },
  ]),
  {
    ...injected("B1-merging", "the first lines of an EHLO reply, which the real one completes", []),
    script: {
      clear: {
        on: {
          STARTTLS: [{ do: "say", text: `${GO}250-smtp.example.test\r\n250-AUTH CRAM-MD5 LOGIN\r\n` }, { do: "tls" }],
        },
      },
      // No mechanism inside TLS, so that a client that logs in has one from the clear.
      tls: { capabilities: sealedWithout, hold: HOLD },
    },
  },
  {
    ...injected("B1-command", "a command added after the client's STARTTLS, so that its answer follows the 220", [
      { do: "say", text: `${GO}250 2.0.0 Ok\r\n` },
      { do: "tls" },
    ]),
    attack: "Add a command in the clear after the client's STARTTLS: the server answers it before TLS.",
    sources: ["CVE-2011-0411", "striptls SMTP.InjectCommand"],
  },
  {
    ...injected("B1-whole-session", "every reply of a session that never happened, then silence", []),
    // The real server is kept silent, so that a client that reports success has believed the injected replies.
    script: {
      clear: { on: { STARTTLS: [{ do: "say", text: GO + SESSION }, { do: "tls" }] } },
      tls: { on: { EHLO: [silent] } },
    },
    expected: "held",
  },
  {
    ...injected("B1-inside", "an EHLO reply in the clear, while TLS is up", []),
    script: { tls: { on: { EHLO: [{ do: "inject", text: BAIT }, silent] } } },
    expected: "held",
  },
  early("B2-greeting", "an EHLO reply in the same segment as the greeting", {
    clear: {
      on: {
        greeting: [{ do: "say", text: `220 smtp.example.test ESMTP\r\n${ehloReply(["STARTTLS", "AUTH PLAIN"])}` }],
      },
    },
  }),
  early("B2-greeting-stripped", "an EHLO reply without STARTTLS in the same segment as the greeting", {
    clear: { on: { greeting: [{ do: "say", text: `220 smtp.example.test ESMTP\r\n${BAIT}` }] } },
  }),
  early("B2-starttls-answered", "the reply to STARTTLS in the same segment as the EHLO reply", {
    clear: { on: { EHLO: [{ do: "say", text: ehloReply(["STARTTLS"]) + GO }] } },
  }),
  {
    ...stale("B3-other-mechanism", "other mechanisms offered before TLS than inside it", OTHER_MECHANISMS),
    expected: "delivered-sealed",
  },
  {
    ...stale("B3-no-mechanism", "mechanisms offered before TLS, but none inside it", sealedWithout),
    expected: "either",
  },
  {
    ...sick("B4-starttls-inside", "STARTTLS offered inside TLS", { capabilities: [...sealedCapabilities, "STARTTLS"] }),
    sources: ["RFC 3207 section 4.2"],
    expected: "either",
  },
  {
    ...sick("B5-EHLO", "two replies to EHLO", { on: { EHLO: [{ do: "honest" }, twice("EHLO")] } }),
    expected: "either",
  },
  // The surplus reply may come when the next command is already on its way. A client that pipelines notices it only after its last
  // command; the outcome of the message is then what the server said, or unknown.
  ...(["AUTH", "MAIL", "RCPT", "final"] as const).map((moment) => ({
    ...sick(`B5-${moment}`, `two replies to ${moment === "final" ? "the message" : moment}`, {
      on: { [moment]: [{ do: "honest" }, twice(moment)] },
    }),
    expected: "either" as const,
  })),
  ...(
    [
      ["code", "250 o"],
      ["line", "250-2.0.0 Ok\r\n"],
      ["digits", "25"],
    ] as const
  ).map(([name, text]) => ({
    ...sick(`B6-${name}`, `the connection cut within the final reply, after ${JSON.stringify(text)}`, {
      on: { final: [{ do: "say", text }, { do: "close" }] },
    }),
    attack: "Cut the connection with a FIN and no close_notify, in the middle of the final reply.",
    duty: "Half a reply is no reply: report the outcome as unknown, never as sent.",
    sources: ["RFC 8446 section 6.1", "RFC 5321 section 4.2.5"],
    severity: "high" as const,
    expected: "unknown" as const,
  })),
];

function twice(moment: "EHLO" | "AUTH" | "MAIL" | "RCPT" | "final"): Step {
  return { do: "say", text: moment === "AUTH" ? "235 2.7.0 Accepted\r\n" : "250 2.0.0 Ok\r\n" };
}

function injected(id: string, title: string, atStartTls: readonly Step[]): Vector {
  return {
    id,
    title,
    attack: "Add replies in the clear after the 220, so that the client reads them as if they had come inside TLS.",
    duty: "End the session at any octet after the 220 that is not TLS. To drop it silently is safe, but hides the attack.",
    sources: ["CVE-2021-38371", "Why TLS Is Better Without STARTTLS (USENIX Security 2021)", "RFC 3207 section 4.2"],
    severity: "critical",
    transport: "starttls",
    script: { clear: { on: { STARTTLS: atStartTls } }, tls: { capabilities: OTHER_MECHANISMS, hold: HOLD } },
    expected: "either",
  };
}

function early(id: string, title: string, { clear }: Pick<Script, "clear">): Vector {
  return {
    id,
    title,
    attack: "Answer a command before it was sent, so that every later answer counts for the wrong command.",
    duty: "End the session at a reply to no command.",
    sources: ["Why TLS Is Better Without STARTTLS (USENIX Security 2021)"],
    severity: "high",
    transport: "starttls",
    script: { ...(clear === undefined ? {} : { clear }), tls: { hold: HOLD } },
    expected: "either",
  };
}

function stale(id: string, title: string, inside: readonly string[]): Omit<Vector, "expected"> {
  return {
    id,
    title,
    attack: "In the clear, offer other extensions than the server offers inside TLS.",
    duty: "Forget everything learnt in the clear, and send EHLO again.",
    sources: ["RFC 3207 section 4.2"],
    severity: "high",
    transport: "starttls",
    script: { clear: { capabilities: ["STARTTLS", "AUTH CRAM-MD5 LOGIN"] }, tls: { capabilities: inside } },
  };
}

function sick(id: string, title: string, tls: NonNullable<Script["tls"]>): Omit<Vector, "expected"> {
  return {
    id,
    title,
    attack: "Break the protocol inside TLS.",
    duty: "End the session with a protocol error.",
    sources: ["RFC 5321 section 4.2"],
    severity: "medium",
    transport: "starttls",
    script: { tls },
  };
}
