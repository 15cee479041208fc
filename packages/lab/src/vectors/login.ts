/** Logins with a server that cheats: it says what a client would like to hear, and drops the message that it then gets. */
import type { ScramFault } from "../server/scram.ts";
import { sealedCapabilities } from "./capabilities.ts";
import type { Stage, Step, Vector } from "./vector.ts";

const others = sealedCapabilities.filter((line) => !line.startsWith("AUTH"));
/** For a client that goes on: nothing is kept, so that `sent` is a lie. One that never logs in is served honestly. */
const DROPPED: readonly Step[] = [{ do: "say", text: "250 2.0.0 Ok: queued\r\n" }];
const refused: Step = { do: "say", text: "535 5.7.8 Not accepted\r\n" };
const accepted: Step = { do: "say", text: "235 2.7.0 Accepted\r\n" };
const challenge = (text: string): Step => ({ do: "say", text: `334 ${text}\r\n` });

export const loginVectors: readonly Vector[] = [
  ...(
    [
      ["at-once", "235 before the server's first message"],
      ["wrong-signature", "a wrong signature of the server"],
      ["no-signature", "235 without the server's signature"],
      ["error-ignored", "an error in place of the server's signature, then 235"],
      ["foreign-nonce", "a nonce that does not begin with the client's"],
      ["one-iteration", "one iteration"],
      ["endless-iterations", "2147483647 iterations"],
      ["empty-salt", "an empty salt"],
      ["unknown-extension", "a mandatory extension that nobody knows"],
    ] satisfies readonly (readonly [ScramFault, string])[]
  ).map(([fault, title]) => ({
    ...login(`E1-${fault}`, `SCRAM: ${title}`, { capabilities: [...others, "AUTH SCRAM-SHA-256"], scram: fault }),
    attack:
      "Hold the login without knowing the password: make the client's proof cheap to guess, or do without one's own.",
    duty: "Cancel the login: in SCRAM a server proves that it knows the password, too.",
    sources: ["RFC 5802 section 5.1", "RFC 5802 section 9", "RFC 7677 section 4"],
  })),
  {
    ...login("E2-challenges", "PLAIN: empty challenges without end", {
      capabilities: [...others, "AUTH PLAIN"],
      on: {
        AUTH: [
          challenge(""),
          { do: "swallow" },
          challenge(""),
          { do: "swallow" },
          challenge(""),
          { do: "swallow" },
          refused,
        ],
      },
    }),
    attack: "Ask again and again, to hold the client or to make it say more than it has to.",
    duty: "Cancel the login at a challenge that is not due.",
    sources: ["RFC 4616 section 2", "RFC 4954 section 4"],
  },
  {
    ...login("E2-not-base64", "a challenge that is not base64", {
      capabilities: [...others, "AUTH SCRAM-SHA-256"],
      on: { AUTH: [challenge("***"), { do: "swallow" }, refused] },
    }),
    attack: "Send a challenge that cannot be read.",
    duty: "Cancel the login, within the deadline.",
    sources: ["RFC 4954 section 4"],
  },
  {
    ...login("E2-empty-challenge", "CRAM-MD5: an empty challenge", {
      capabilities: [...others, "AUTH CRAM-MD5"],
      on: { AUTH: [challenge(""), { do: "swallow" }, accepted] },
    }),
    attack: "Choose a challenge for which digests of common passwords were made beforehand.",
    duty: "Cancel the login: a challenge has to be one that was never used.",
    sources: ["RFC 2195 section 2", "RFC 6151"],
  },
  ...(
    [
      ["535", "535 5.7.8 Not accepted"],
      ["454", "454 4.7.0 Not now"],
      ["504", "504 5.5.4 Mechanism not offered"],
    ] as const
  ).map(([code, text]) => ({
    ...login(`E3-${code}`, `the login refused with ${code}, and everything after it accepted`, {
      on: { AUTH: [{ do: "say" as const, text: `${text}\r\n` }] },
    }),
    attack: "Refuse the login, and take the message of a client that goes on without one.",
    duty: "Fail: a message that was to be sent by a user is not sent by nobody.",
    sources: ["RFC 4954 section 4", "RFC 4954 section 6"],
    severity: "medium" as const,
  })),
  {
    ...login("E3-530", "the login accepted, and forgotten at MAIL", {
      on: {
        MAIL: [{ do: "say", text: "530 5.7.0 Authentication required\r\n" }],
        RCPT: [{ do: "say", text: "530 5.7.0 No\r\n" }],
      },
    }),
    attack: "Accept the login, and ask for one at every command after it.",
    duty: "Fail, and log in no more often than once in a session.",
    sources: ["RFC 4954 section 4", "RFC 4954 section 6"],
    severity: "low",
  },
];

function login(id: string, title: string, { on, ...stage }: Stage): Vector {
  return {
    id,
    title,
    attack: "Say that the login succeeded before anything was proved.",
    duty: "Cancel the login: without the server's proof there is none.",
    sources: ["RFC 5802 section 5", "RFC 4954 section 4"],
    severity: "high",
    transport: "starttls",
    script: { tls: { ...stage, on: { final: DROPPED, ...on }, after: { final: "AUTH" } } },
    expected: "held",
  };
}
