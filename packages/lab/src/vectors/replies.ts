/** Replies that almost say what a client hopes for. None of these servers has taken the message, unless it says so by 2yz. */
import { sealedCapabilities } from "./capabilities.ts";
import type { Moment, Stage, Step, Vector } from "./vector.ts";

const withData = sealedCapabilities.filter((line) => line !== "CHUNKING");
const QUEUED: Step = { do: "say", text: "250 2.0.0 Ok: queued\r\n" };

export const replyVectors: readonly Vector[] = [
  {
    ...reply("G-data-250", "250 instead of 354 to DATA, and 250 to the body", {
      capabilities: withData,
      on: {
        DATA: [
          { do: "say", text: "250 2.0.0 Ok\r\n" },
          { do: "take-body", unlessCommand: true },
        ],
        final: [QUEUED],
      },
    }),
    duty: "Send a body only after 354.",
    sources: ["RFC 5321 section 4.1.1.4", "RFC 5321 section 4.3.2"],
  },
  {
    ...reply("G-data-554", "554 to DATA, and 250 to the body", {
      capabilities: withData,
      on: {
        DATA: [
          { do: "say", text: "554 5.7.1 No\r\n" },
          { do: "take-body", unlessCommand: true },
        ],
        final: [QUEUED],
      },
    }),
    duty: "Send a body only after 354.",
    sources: ["RFC 5321 section 4.1.1.4", "RFC 5321 section 4.3.2"],
  },
  ...(["MAIL", "RCPT"] as const).map((moment) => ({
    ...reply(`G-${moment}-354`, `354 to ${moment}, and 250 to the message`, {
      on: { [moment]: [{ do: "say", text: "354 go\r\n" }], final: [QUEUED] } satisfies Partial<Record<Moment, Step[]>>,
    }),
    duty: "Take only 250 for success, and 251 for a recipient: what comes after another reply proves nothing.",
    expected: "unknown" as const,
  })),
  ...(
    [
      ["354", "354 go on", "a final reply of 354"],
      ["150", "150 2.0.0 Ok, wait", "a preliminary final reply"],
      ["no-code", "Ok: queued", "a final reply without a code"],
      ["two-digits", "25 2.0.0 Ok: queued", "a final reply with a code of two digits"],
      ["four-digits", "2500 Ok: queued", "a final reply with a code of four digits"],
      ["seven-hundred", "750 2.0.0 Ok: queued", "a final reply with a code that begins with 7"],
      ["other-digits", "\u00b2\u2075\u2070 2.0.0 Ok: queued", "a final reply whose digits are not those of ASCII"],
    ] as const
  ).map(([name, text, title]) => ({
    ...reply(`G-final-${name}`, title, { on: { final: [{ do: "say", text: `${bytes(text)}\r\n` }, { do: "close" }] } }),
    expected: "unknown" as const,
  })),
  ...(
    [
      ["450", "450 4.2.0 Ok: 250 queued later", "a message deferred by a text that has 250 in it"],
      ["550-ok", "550 2.0.0 Ok: queued", "a message refused with the words of success"],
      [
        "550-escapes",
        "550 5.7.1 \u001b[2J\u001b[H\u001b]0;x\u0007250 queued\u202egnp",
        "a refusal that rewrites the terminal",
      ],
      ["553-lines", "553-250 2.0.0 Ok\r\n553-250 queued\r\n553 5.7.1 No", "a refusal whose lines have 250 in them"],
    ] as const
  ).map(([name, text, title]) => ({
    ...reply(`G-final-${name}`, title, { on: { final: [{ do: "say", text: `${bytes(text)}\r\n` }] } }),
    duty: "Judge by the code at the beginning of the line alone, and report a failure.",
    sources: ["RFC 5321 section 4.2", "RFC 2034 section 4", "CWE-150"],
    severity: "medium" as const,
  })),
  ...(
    [
      ["bare-lf", "250 2.0.0 Ok: queued\n", "a final reply that ends with LF alone"],
      ["252", "252 2.0.0 Taken\r\n", "a final reply of 252"],
      ["5xx-in-250", "250 5.7.1 Rejected\r\n", "250 with the enhanced status code of a refusal"],
    ] as const
  ).map(([name, text, title]) => ({
    ...reply(`G-final-${name}`, title, { on: { final: [{ do: "keep" }, { do: "say", text }, { do: "close" }] } }),
    attack: "None. Some servers say it, and the message is taken.",
    duty: "Report success, or that the outcome is not known; never claim a refusal that was not said.",
    severity: "low" as const,
    expected: "either" as const,
  })),
  {
    ...reply("G-lmtp", "250 and then 550 after the message, as LMTP has one reply for each recipient", {
      on: {
        final: [{ do: "keep" }, { do: "say", text: "250 2.1.5 <one> Ok\r\n550 5.1.1 <two> No\r\n" }, { do: "close" }],
      },
    }),
    attack: "None. A server of LMTP at the port of SMTP counts its replies by recipients.",
    duty: "Do not take the second reply for the answer to the next command.",
    sources: ["RFC 2033 section 4.2"],
    severity: "low",
    expected: "either",
  },
  {
    ...reply("G-size", "a limit of ten octets, and a message taken and dropped at the end", {
      capabilities: [...sealedCapabilities.filter((line) => !line.startsWith("SIZE")), "SIZE 10"],
      on: { final: [{ do: "say", text: "552 5.3.4 Too big\r\n" }] },
    }),
    attack: "None. The server says beforehand that it takes no message of this size.",
    duty: "Fail, best before anything was sent.",
    sources: ["RFC 1870 section 5", "RFC 1870 section 6"],
    severity: "low",
  },
  {
    ...reply("G-greylisted", "every recipient deferred on the first connection", {}),
    script: { tls: { on: { RCPT: [{ do: "say", text: "450 4.2.0 Greylisted\r\n" }] } }, next: {} },
    attack: "None. The server takes mail only from those who come again.",
    duty: "Report that the message was not sent, or try again and send it.",
    sources: ["RFC 6647 section 2"],
    severity: "low",
    expected: "either",
  },
];

/** UTF-8, as the octets of a script. */
function bytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function reply(id: string, title: string, tls: Stage): Vector {
  return {
    id,
    title,
    attack: "Say something that looks like success, and keep nothing.",
    duty: "Report success only after a reply of three digits that begins with 2.",
    sources: ["RFC 5321 section 4.2.1", "RFC 5321 section 4.3.2"],
    severity: "high",
    transport: "starttls",
    script: { tls },
    expected: "held",
  };
}
