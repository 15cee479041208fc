/** The defences of the truth about a message: who ended the connection, and what its replies answer. */
import type { Defence } from "./defence.ts";

const BORROWED = "test/attack/borrowed-errors.test.ts";

const LEDGER = "packages/mailer/src/protocol/ledger.test.ts";
const OUT_OF_STEP = "test/engine/out-of-step.test.ts";
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
    edits: [["message/octet-source.ts", "of given(openIt, place)", "of openIt()"]],
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
      ["pool/pool.ts", "if (!begun.session.isOpen && !signal.aborted) throw", "if (signal.aborted) throw"],
    ],
    test: SET_UP,
    names: "^send: 421 too with the last reply of the set-up .AUTH",
  },
  {
    threat: "G",
    defence: "a status about an address is no answer to a message",
    edits: [["protocol/ledger.ts", "if (success && isBdat && isAboutAnAddress(reply)) throw", "if (false) throw"]],
    test: OUT_OF_STEP,
    names: "^MAIL is answered twice",
  },
  {
    threat: "G",
    defence: "421 proves what lay behind it untaken only as the answer to RSET or MAIL",
    edits: [["protocol/ledger.ts", ' && (lastWord.verb === "RSET" || lastWord.verb === "MAIL")', ""]],
    test: LEDGER,
    names: "^a message that was handed over and not answered is unknown: 421 to RCPT",
  },
  {
    threat: "G",
    defence: "421 proves what lay behind it untaken only if the peer closed in order",
    edits: [["protocol/ledger.ts", 'return by === "end" && lastWord', "return lastWord"]],
    test: LEDGER,
    names: "^a message that was handed over and not answered is unknown: 421 to MAIL, and a reset",
  },
  {
    threat: "G",
    defence: "octets after a 421 say that the server has not closed with it",
    edits: [
      [
        "net/channel.ts",
        "const lastWord = this.#parser.unused.length === 0 ? this.#lastWord : undefined;",
        "const lastWord = this.#lastWord;",
      ],
    ],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^octets after the last reply",
  },
  {
    threat: "G",
    defence: "a server that does not know BDAT gets it once",
    edits: [["session/carrier.ts", "if (refusesChunks) this.#context.pipelining.chunking = false;", ""]],
    test: "test/engine/unread-chunk.test.ts",
    names: "",
  },
  {
    threat: "G",
    defence: "an aborted body never gets its last octet",
    edits: [
      ["net/channel.ts", "    writing.signal.throwIfAborted();\n", ""],
      ["net/channel.ts", "    signal.throwIfAborted();\n    this.throwIfOver();\n    this.#slab", "    this.#slab"],
    ],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^a body whose wait was given up",
  },
  {
    threat: "G",
    defence: "an abort by an observer finds the wait, which is not in the line yet",
    edits: [
      [
        "net/channel.ts",
        "    if (waiting.abandoned) return;\n    if (this.#over) return this.#refuse(waiting);\n    if (last",
        "    if (last",
      ],
    ],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts at any conversation.command",
  },
  {
    threat: "G",
    defence: "a message that finds its connection ended by another's abort has lost a connection",
    edits: [
      [
        "net/loss.ts",
        "return failure instanceof AbortedError ? lostBehind(peer, failure, phase) : failure;",
        "return failure;",
      ],
    ],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts at any conversation.command",
  },
  {
    threat: "G",
    defence: "a conversation tells its end once",
    edits: [
      [
        "session/conversation.ts",
        "  lost(cause: unknown, replies: readonly Reply[], ending: Ending): void {\n    if (this.#isOver) return;",
        "  lost(cause: unknown, replies: readonly Reply[], ending: Ending): void {",
      ],
      [
        "net/channel.ts",
        "      // It aborted, and then threw: its wait has been told.\n      if (waiting.abandoned) return;",
        "",
      ],
    ],
    test: "test/engine/abort.test.ts",
    names: "^a progress function that aborts",
  },
  {
    threat: "G",
    defence: "a message that waits is ended once, whatever ending another begins",
    edits: [
      ["pool/signal-watch.ts", "        members.delete(member);\n", ""],
      [
        "pool/signal-watch.ts",
        "    const onAbort = (): void => {\n",
        "    const onAbort = (): void => {\n      this.#groups.delete(signal);\n",
      ],
    ],
    test: "test/engine/abort.test.ts",
    names: "^messages that wait with one signal",
  },
  {
    threat: "G",
    defence: "a stream is destroyed if its handshake never began",
    edits: [["tls/sealed-channel.ts", "    stream.destroy();\n", ""]],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts before the handshake",
  },
  {
    threat: "G",
    defence: "a refusal that cannot be one of RSET is left over from the messages before",
    edits: [["net/channel.ts", "if (this.#answered.length > 0 && isLeftOver(verb, reply)) {", "if (false) {"]],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^a refusal that cannot be one of RSET",
  },
];
