/** The defences of what is said on a sealed session: threats E to G. */
import { type Defence, PROOF, VECTORS } from "./defence.ts";

export const conversationDefences: readonly Defence[] = [
  {
    threat: "E",
    defence: "credentials are fetched only behind a verified peer",
    edits: [
      [
        "mailer.ts",
        "const begun = await openSealed(context, policy, signal);",
        'if (typeof credentials === "function") await credentials({ signal });\n    const begun = await openSealed(context, policy, signal);',
      ],
    ],
    test: PROOF,
    names: "^credentials are fetched",
  },
  {
    threat: "E",
    defence: "SCRAM verifies the server's signature",
    edits: [
      [
        "sasl/scram.ts",
        "if (expected === undefined || signature.length !== expected.length || !timingSafeEqual(signature, expected))",
        "if (expected === undefined)",
      ],
    ],
    test: "packages/mailer/src/sasl/scram.test.ts",
    names: "",
  },
  {
    threat: "E",
    defence: "iterations have bounds",
    edits: [["sasl/scram-message.ts", "checkIterations(mechanism, Number(iterations));", ""]],
    test: "packages/mailer/src/sasl/scram.test.ts",
    names: "",
  },
  {
    threat: "E",
    defence: "a secret that a server says back is struck out",
    edits: [["session/authenticate.ts", "concealment.add(secretForms(given));", ""]],
    test: "test/attack/secrecy.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "no command holds CR, LF or NUL",
    edits: [["protocol/command.ts", "if (/[\\r\\n\\0]/.test(line)) {", "if (false) {"]],
    test: "packages/mailer/src/protocol/command.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "control characters in a header are refused",
    edits: [["message/text-judge.ts", "if (control !== null) {", "if (false) {"]],
    test: "packages/mailer/src/message/compose.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "a bare CR in a ready-made message is refused",
    edits: [["message/line-judge.ts", "if (cr !== -1 && cr < lf - 1) throw this.#bareCr();", ""]],
    test: "packages/mailer/src/message/ready-message.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "dots are stuffed by position, across chunks too",
    edits: [["wire/dot-stuffing.ts", "if (this.#crlf === 2 && octets[0] === PERIOD) stuffAt(0);", ""]],
    test: "packages/mailer/src/wire/dot-stuffing.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "a source that gives less than it promised never gets its end onto the wire",
    edits: [["net/body-writer.ts", 'if (size !== undefined && given < size) throw brokenPromise("fewer", size);', ""]],
    test: "packages/mailer/src/session/conversation.test.ts",
    names: "",
  },
  {
    threat: "G",
    defence: "a reply has a deadline",
    edits: [["net/channel.ts", "this.#alarm.set(deadlineOf(first))", "this.#alarm.set(2_000_000_000)"]],
    test: VECTORS,
    names: "^G-silent-ehlo",
  },
  {
    threat: "G",
    defence: "a reply has a largest size",
    edits: [
      [
        "wire/reply-parser.ts",
        "if (this.#lines.length >= MOST_LINES || this.#replySize > LONGEST_REPLY) {",
        "if (false) {",
      ],
    ],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "",
  },
  {
    threat: "G",
    defence: "with nobody accepted before it, nobody is accepted by the final reply",
    edits: [
      [
        "protocol/ledger.ts",
        "if (this.#accepted > 0) this.#settle(success",
        "this.#decided.fill(undefined);\n    this.#settle(success",
      ],
    ],
    test: VECTORS,
    names: "^G-(354|250)-for-nobody",
  },
  {
    threat: "G",
    defence: "a refused transaction is reset before the next",
    edits: [["session/carrier.ts", 'this.#resetFirst = leaves === "transaction";', "this.#resetFirst = false;"]],
    test: "test/attack/leftover.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "what is judged of a stream is what is sent",
    edits: [["message/octet-source.ts", "yield new Uint8Array(octets);", "yield octets;"]],
    test: "test/attack/fate.test.ts",
    names: "^a source that writes",
  },
  {
    threat: "G",
    defence: "a 421 counts only as long as nothing follows it",
    edits: [
      [
        "protocol/ledger.ts",
        "    this.#closing = reply.code === 421;",
        "    if (reply.code === 421) this.#closing = true;",
      ],
    ],
    test: "packages/mailer/src/protocol/transaction.test.ts",
    names: "^421 to",
  },
];
