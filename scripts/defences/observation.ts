/** The defences of what may be seen: threat E, secrets in what is observed. */
import type { Defence } from "./defence.ts";

const SECRECY = "test/diagnostics/secrecy.test.ts";
const WITNESS = "packages/mailer/src/diagnostics/witness.test.ts";

export const observationDefences: readonly Defence[] = [
  {
    threat: "E",
    defence: "an initial response is left out of the conversation that is shown",
    edits: [["protocol/command.ts", "` ${SECRET}`", "` ${command.initialResponse}`"]],
    test: SECRECY,
    names: "^PLAIN, refused",
  },
  {
    threat: "E",
    defence: "a response to a challenge is left out of the conversation that is shown",
    edits: [["protocol/command.ts", "command.response === CANCEL ? CANCEL : SECRET", "command.response"]],
    test: SECRECY,
    names: "^LOGIN, refused",
  },
  {
    threat: "E",
    defence: "a challenge is not shown",
    edits: [["wire/reply-parser.ts", "code === CHALLENGE ? CHALLENGE_SHOWN : ", ""]],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "^a challenge is never shown",
  },
  {
    threat: "E",
    defence: "what a server says is shown without control characters",
    edits: [["diagnostics/witness.ts", "lines.map(shown)", "lines"]],
    test: WITNESS,
    names: "^what a server says",
  },
  {
    threat: "E",
    defence: "the digest of CRAM-MD5 that a server says back is struck out",
    edits: [
      [
        "session/authenticate.ts",
        "      if (mechanism.proof !== undefined) concealment.add(formsOf(mechanism.proof));\n",
        "",
      ],
    ],
    test: SECRECY,
    names: "^CRAM-MD5, refused",
  },
  {
    threat: "E",
    defence: "the proof of SCRAM that a server says back is struck out",
    edits: [["sasl/scram.ts", "    return this.#proof;", "    return undefined;"]],
    test: SECRECY,
    names: "^SCRAM-SHA-256, refused",
  },
  {
    threat: "E",
    defence: "what is struck out later does not bring back what was before",
    edits: [["wire/concealment.ts", "[...this.#secrets.values()].flat()", "[...forms]"]],
    test: "packages/mailer/src/wire/concealment.test.ts",
    names: "^the secret of every login",
  },
  {
    threat: "E",
    defence: "a span has the code of an error, and not its words",
    edits: [["opentelemetry/spans.ts", "message: type });", "message: String(error) });"]],
    test: "test/diagnostics/opentelemetry.test.ts",
    names: "^a refusal",
  },
  {
    threat: "A",
    defence: "nothing is called sealed before the handshake",
    edits: [["diagnostics/witness.ts", 'ConnectionEvent["side"] = "clear";', 'ConnectionEvent["side"] = "sealed";']],
    test: "test/diagnostics/conversation.test.ts",
    names: "^a session by STARTTLS",
  },
  {
    threat: "-",
    defence: "where nobody listens nothing is made",
    edits: [
      ["diagnostics/witness.ts", "if (!commands.hasSubscribers || this.#closed) return;", "if (this.#closed) return;"],
    ],
    test: WITNESS,
    names: "^where nobody listens",
  },
];
