/** The defences of the truth about a message: who ended the connection, and what its replies answer. */
import type { Defence } from "./defence.ts";

const BORROWED = "test/attack/borrowed-errors.test.ts";

const SET_UP = "test/engine/set-up.test.ts";

export const fateDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "the reason of a signal is never an error of ours, whatever its class: where a message waits",
    edits: [["pool/pool.ts", "this.#refuse([job], new AbortedError(reason));", "this.#refuse([job], reason);"]],
    test: BORROWED,
    names: "^a signal that is aborted|^sendAll",
  },
  {
    threat: "G",
    defence: "the reason of a signal is never an error of ours, whatever its class: where a message is under way",
    edits: [
      [
        "session/conversation.ts",
        "this.#channel.abandon(this, new AbortedError(this.#options.signal?.reason));",
        "this.#channel.abandon(this, this.#options.signal?.reason);",
      ],
    ],
    test: BORROWED,
    names: "^an abort with the error",
  },
  {
    threat: "G",
    defence: "an error that a body's source throws is the cause of one of ours",
    edits: [
      ["message/octet-source.ts", "of given(source, place)", 'of typeof source === "function" ? source() : source'],
    ],
    test: BORROWED,
    names: "^a body whose source throws",
  },
  {
    threat: "G",
    defence: "what is no error of ours is a fault, and not an abort",
    edits: [
      ["session/conclusion.ts", "return new FaultError(error, unknown);", "return new AbortedError(error, unknown);"],
    ],
    test: BORROWED,
    names: "^a fault inside",
  },
  {
    threat: "G",
    defence: "a reply too many makes all that was read with it doubtful",
    edits: [["net/channel.ts", "      this.#answered.push(first);", "      first.wait.done(first.replies);"]],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^two replies to one command",
  },
  {
    threat: "G",
    defence: "a server that takes the login and closes at once has not served us",
    edits: [
      [
        "session/sealed-session.ts",
        "      // A server may take the login and close at once.\n      this.#channel.throwIfOver();",
        "",
      ],
      [
        "pool/pool.ts",
        "if (!begun.session.isOpen && !opening.signal.aborted) throw",
        "if (opening.signal.aborted) throw",
      ],
    ],
    test: SET_UP,
    names: "^send: 421 too with the last reply of the set-up .AUTH",
  },
];
