/** Downgrades before TLS: whatever the attacker does to the offer or to the answer, the client must not go on in the clear. */
import { ehloReply } from "../server/command.ts";
import { clearCapabilities } from "./capabilities.ts";
import type { Script, Step, Vector } from "./vector.ts";

const AUTH = "AUTH PLAIN LOGIN CRAM-MD5";
const STRIPPED: readonly string[] = clearCapabilities.filter((line) => line !== "STARTTLS");
/** It offers a login in the clear, for a client that would go on. */
const TEMPTING: readonly string[] = [...clearCapabilities, AUTH];
const PAST = { close: "closed", reset: "reset" } as const;
const strippedConnection: Script = { clear: { capabilities: [...STRIPPED, AUTH] } };

export const downgradeVectors: readonly Vector[] = [
  removed("A1-removed", "STARTTLS removed", STRIPPED),
  removed("A1-removed-auth", "STARTTLS removed, AUTH dangled", [...STRIPPED, AUTH]),
  removed("A1-nothing-offered", "every extension removed", []),
  ...(
    [
      ["999", "999 NOSTARTTLS\r\n"],
      ["200", "200 go\r\n"],
      ["250", "250 go\r\n"],
      ["354", "354 go\r\n"],
      ["2200", "2200 go\r\n"],
      ["220go", "220go\r\n"],
      ["220-tab", "220\tgo\r\n"],
      ["22", "22 go\r\n"],
    ] as const
  ).map(([name, text]) =>
    answered(`A2-${name}`, `STARTTLS answered by ${JSON.stringify(text)}`, [{ do: "say", text }], {
      duty: "Start TLS only after a 220 reply; after any other answer, send nothing more.",
      sources: ["RFC 3207 section 4", "striptls SMTP.StripWithInvalidResponseCode"],
    }),
  ),
  ...["454 4.7.0 TLS not available", "501 5.5.4 No parameters", "502 5.5.1 Not implemented", "554 5.7.3 No TLS"].map(
    (text) =>
      answered(
        `A3-${text.slice(0, 3)}`,
        `STARTTLS refused: ${text.slice(0, 3)}`,
        [{ do: "say", text: `${text}\r\n` }],
        {
          duty: "Fail. After 454 it may try again, but never in the clear.",
          sources: [
            "RFC 3207 section 4",
            "CVE-2016-0772",
            "striptls SMTP.StripWithTemporaryError and SMTP.StripWithError",
          ],
        },
      ),
  ),
  answered(
    "A3-421",
    "STARTTLS answered by 421, then the connection closed",
    [{ do: "say", text: "421 4.3.2 Closing\r\n" }, { do: "close" }],
    {
      duty: "Fail. It may try again, but never in the clear.",
      sources: ["RFC 5321 section 3.8"],
    },
  ),
  ...["502 5.5.1 Not implemented", "500 5.5.2 Unrecognised"].map((text) => ({
    ...base(`A4-${text.slice(0, 3)}`, `EHLO refused: ${text.slice(0, 3)}`, {
      clear: { on: { EHLO: [{ do: "say" as const, text: `${text}\r\n` }] } },
    }),
    attack: "Refuse EHLO, so that the client falls back to HELO, which offers no STARTTLS.",
    duty: "Send no HELO: without EHLO there is no STARTTLS.",
    sources: ["RFC 3207 section 6", "striptls SMTP.ProtocolDowngradeStripExtendedMode"],
    expected: "held" as const,
  })),
  removed("A5-mangled", "STARTTLS overwritten", [...STRIPPED, "XXXXXXXX", AUTH]),
  removed("A5-parameter", "STARTTLS as another extension's parameter", [...STRIPPED, "X-NOTE STARTTLS", AUTH]),
  removed("A5-prefix", "a keyword that only begins with STARTTLS", [...STRIPPED, "STARTTLSX", AUTH]),
  {
    ...removed("A5-greeting", "STARTTLS only in the greeting", []),
    script: {
      clear: {
        capabilities: [...STRIPPED, AUTH],
        on: { greeting: [{ do: "say", text: "220 smtp.example.test ESMTP STARTTLS\r\n" }] },
      },
    },
  },
  {
    ...removed("A5-first-line", "STARTTLS in place of the server's name in the EHLO reply", []),
    script: {
      clear: { on: { EHLO: [{ do: "say", text: ehloReply([...STRIPPED, AUTH], "STARTTLS") }] } },
    },
  },
  ...(["close", "reset"] as const).flatMap((end) => [
    cut(`A6-command-${end}`, `connection ${PAST[end]} at STARTTLS`, [{ do: end }]),
    cut(`A6-handshake-${end}`, `connection ${PAST[end]} during the handshake`, [
      { do: "say", text: "220 go\r\n" },
      { do: "swallow" },
      { do: end },
    ]),
  ]),
  answered(
    "A7-plaintext",
    "220, then an EHLO reply in the clear as the answer to the ClientHello",
    [{ do: "say", text: "220 go\r\n" }, { do: "swallow" }, { do: "say", text: ehloReply([...STRIPPED, AUTH]) }],
    {
      duty: "Fail the handshake, and send nothing else.",
      sources: ["RFC 3207 section 4"],
    },
  ),
  ...(
    [
      ["banner", "a banner at once", [] satisfies Step[]],
      ["late-banner", "a banner as the answer to the ClientHello", [{ do: "swallow" }] satisfies Step[]],
    ] as const
  ).map(([name, title, before]) => ({
    ...base(`A8-${name}`, `implicit TLS: ${title}, in the clear`, {
      clear: {
        capabilities: TEMPTING,
        on: { greeting: [...before, { do: "say" as const, text: "220 smtp.example.test ESMTP\r\n" }] },
      },
    }),
    transport: "implicit" as const,
    attack: "Answer in the clear on the port of implicit TLS.",
    duty: "Fail: on this port nothing is ever sent in the clear.",
    sources: ["RFC 8314 section 3.3"],
    expected: "held" as const,
  })),
  ...(
    [
      ["220-then-250", "220-go\r\n250 ok\r\n"],
      ["250-then-220", "250-ok\r\n220 go\r\n"],
      ["unterminated", "220 go"],
      ["unfinished", "220-go\r\n"],
      ["nul", "220 go\0\r\n"],
      ["bare-lf", "220 go\n"],
      ["bare-cr", "454 no\r220 go\r\n"],
    ] as const
  ).map(([name, text]) =>
    answered(`A9-${name}`, `STARTTLS answered by ${JSON.stringify(text)}`, [{ do: "say", text }], {
      duty: "Do not take it for a reply: fail, at the latest at the deadline.",
      sources: ["RFC 5321 section 4.2", "RFC 5321 section 4.2.1"],
    }),
  ),
  answered(
    "A10-escapes",
    "a refusal with terminal control sequences",
    [{ do: "say", text: "454 \u001b[2J\u001b[H\u001b]0;x\u0007To go on, turn TLS off.\xe2\x80\xaeffo\r\n" }],
    {
      duty: "Escape control characters wherever the text is shown.",
      sources: ["CWE-150"],
    },
  ),
];

function base(
  id: string,
  title: string,
  script: Script,
): Pick<Vector, "id" | "title" | "severity" | "transport" | "script"> {
  return { id, title, severity: "critical", transport: "starttls", script };
}

function removed(id: string, title: string, capabilities: readonly string[]): Vector {
  return {
    ...base(id, title, { clear: { capabilities } }),
    attack: "Change the EHLO reply so that it does not offer STARTTLS.",
    duty: "Fail; no octet of a login or an envelope may go out in the clear.",
    sources: ["RFC 3207 section 6", "striptls SMTP.StripFromCapabilities"],
    expected: "held" as const,
  };
}

interface Answer {
  readonly duty: string;
  readonly sources: readonly string[];
}

/** After the steps the conversation goes on in the clear, for a client that would accept that. */
function answered(id: string, title: string, steps: readonly Step[], { duty, sources }: Answer): Vector {
  return {
    ...base(id, title, { clear: { capabilities: TEMPTING, on: { STARTTLS: steps } } }),
    attack: "Answer STARTTLS in the server's place, in the hope that the client goes on without TLS.",
    duty,
    sources,
    expected: "held" as const,
  };
}

function cut(id: string, title: string, steps: readonly Step[]): Vector {
  return {
    ...base(id, title, { clear: { capabilities: TEMPTING, on: { STARTTLS: steps } }, next: strippedConnection }),
    attack: "Break off the upgrade, and strip STARTTLS from the next connection.",
    duty: "Fix the policy before connecting, and keep it for every further attempt.",
    sources: ["RFC 3207 section 6"],
    expected: "held" as const,
  };
}
