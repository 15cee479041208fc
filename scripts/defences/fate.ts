/** The defences of the truth about a message: who ended the connection, and what its replies answer. */
import type { Defence } from "./defence.ts";

const BORROWED = "test/attack/borrowed-errors.test.ts";

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
        "session/drive.ts",
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
];
