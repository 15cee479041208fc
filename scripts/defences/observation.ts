/** The defences of what may be seen: threat E, secrets in what is observed. */
import { type Defence, never, receiver, remove, second, swap, value, without } from "./defence.ts";

const SECRECY = "test/diagnostics/secrecy.test.ts";
const WITNESS = "packages/mailer/src/diagnostics/witness.test.ts";

export const observationDefences: readonly Defence[] = [
  {
    threat: "E",
    defence: "an initial response is left out of the conversation that is shown",
    removals: [remove("initial-response-is-not-shown")],
    test: SECRECY,
    names: "^PLAIN, refused",
  },
  {
    threat: "E",
    defence: "a response to a challenge is left out of the conversation that is shown",
    removals: [remove("response-is-not-shown")],
    test: SECRECY,
    names: "^LOGIN, refused",
  },
  {
    threat: "E",
    defence: "a challenge is not shown",
    removals: [second("challenge-is-not-shown")],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "^a challenge is never shown",
  },
  {
    threat: "E",
    defence: "what a server says is shown without control characters",
    removals: [receiver("words-of-a-server-are-escaped")],
    test: WITNESS,
    names: "^what a server says",
  },
  {
    threat: "E",
    defence: "the digest of CRAM-MD5 that a server says back is struck out",
    removals: [never("proof-of-the-challenge-is-struck-out")],
    test: SECRECY,
    names: "^CRAM-MD5, refused",
  },
  {
    threat: "E",
    defence: "the proof of SCRAM that a server says back is struck out",
    removals: [value("proof-is-struck-out", "undefined")],
    test: SECRECY,
    names: "^SCRAM-SHA-256, refused",
  },
  {
    threat: "E",
    defence: "what is struck out later does not bring back what was before",
    removals: [swap("earlier-secrets-stay-struck-out", [".flat()", ".slice(-1).flat()"])],
    test: "packages/mailer/src/wire/concealment.test.ts",
    names: "^the secret of every login",
  },
  {
    threat: "E",
    defence: "a span has the code of an error, and not its words",
    removals: [value("code-of-an-error-without-its-words", "String($1)")],
    test: "test/diagnostics/opentelemetry.test.ts",
    names: "^a refusal",
  },
  {
    threat: "A",
    defence: "nothing is called sealed before the handshake",
    removals: [value("sealed-after-the-handshake", '"sealed"')],
    test: "test/diagnostics/conversation.test.ts",
    names: "^a session by STARTTLS",
  },
  {
    threat: "-",
    defence: "where nobody listens nothing is made",
    removals: [without("nothing-made-for-nobody", 1)],
    test: WITNESS,
    names: "^without subscribers",
  },
];
