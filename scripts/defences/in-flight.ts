/** The defences of several messages on their way at once: threat G, and the truth about each of them. */
import type { Defence } from "./defence.ts";

const CLOSE = "test/engine/close.test.ts";
const IN_FLIGHT = "test/engine/in-flight.test.ts";
const TURNSTILE = "packages/mailer/src/session/turnstile.test.ts";

export const inFlightDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "what is written ahead of replies begins with RSET",
    edits: [["session/carrier.ts", "resetFirst: this.#resetFirst || isBehind,", "resetFirst: this.#resetFirst,"]],
    test: IN_FLIGHT,
    names: "^a sender that the server keeps",
  },
  {
    threat: "G",
    defence: "at the first refusal nothing more is admitted until all are answered",
    edits: [["session/turnstile.ts", "else this.#draining = true;", ""]],
    test: TURNSTILE,
    names: "refusal",
  },
  {
    threat: "G",
    defence: "a message of many recipients has nothing behind it",
    edits: [["session/turnstile.ts", "this.#commands + commands <= COMMANDS_A_PLACE * this.#width && ", ""]],
    test: IN_FLIGHT,
    names: "^nothing follows a message of many",
  },
  {
    threat: "G",
    defence: "the window has a limit",
    edits: [["session/turnstile.ts", "Math.min(this.#width + 1, this.#limit)", "this.#width + 1"]],
    test: IN_FLIGHT,
    names: "^a server that closes unasked",
  },
  {
    threat: "F",
    defence: "octets that changed since they were given let nothing out that was left in memory",
    edits: [["net/body-writer.ts", "if (end !== at + size) throw", "if (end < 0) throw"]],
    test: "test/engine/misuse.test.ts",
    names: "^a message whose memory is made shorter",
  },
  {
    threat: "G",
    defence: "what is no signal is refused before it is counted",
    edits: [["session/call-options.ts", "  checkSignal(options.signal);\n", ""]],
    test: "test/engine/misuse.test.ts",
    names: "^what is no signal",
  },
  {
    threat: "G",
    defence: "a body that can be read once is not begun in parts",
    edits: [["protocol/split.ts", "if (part === message || message.content.replayable) return;", "return;"]],
    test: "test/engine/misuse.test.ts",
    names: "^a stream that can be read once",
  },
  {
    threat: "G",
    defence: "what is given up while it is gathered is told as written: it goes out with the rest",
    edits: [
      ["net/channel.ts", "const goesOut = waiting !== this.#beginning && !this.#over;", "const goesOut = false;"],
    ],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^what was gathered goes out",
  },
  {
    threat: "G",
    defence: "what is unknown is never sent again",
    edits: [["pool/job.ts", 'outcome === "unsent" ||', 'outcome === "unsent" || outcome === "unknown" ||']],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "only 421 and then the close prove what lay behind untaken",
    edits: [
      [
        "protocol/ledger.ts",
        'return by === "end" && lastWord?.code === 421 &&',
        'return by !== "us" || lastWord?.code === 421 &&',
      ],
    ],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "a 421 that the server goes on after proves nothing",
    edits: [["net/channel.ts", "this.#lastWord = {", "if (this.#lastWord?.code !== 421) this.#lastWord = {"]],
    test: IN_FLIGHT,
    names: "^421 by a server",
  },
  {
    threat: "G",
    defence: "421 to RSET alone does not say that a message behind it was not taken",
    edits: [["protocol/ledger.ts", 'if (this.#isExposed("all")) this.#resetRefusal', "if (false) this.#resetRefusal"]],
    test: IN_FLIGHT,
    names: "^421 to RSET by a server",
  },
  {
    threat: "G",
    defence: "503 behind a final dot counts only where all of the envelope got it",
    edits: [
      [
        "protocol/ledger.ts",
        'if (reply.code !== 503) throw unexpected(this.#peer, "a part',
        'if (false) throw unexpected(this.#peer, "a part',
      ],
    ],
    test: "packages/mailer/src/protocol/behind-dot.test.ts",
    names: "^a part of an envelope",
  },
  {
    threat: "G",
    defence: "one caller's abort does not end the connection of the others",
    edits: [
      [
        "session/conversation.ts",
        "this.#channel.abandon(this, new AbortedError(this.#options.signal?.reason));",
        "this.#channel.fail(new AbortedError(this.#options.signal?.reason));",
      ],
    ],
    test: IN_FLIGHT,
    names: "^an abort of one",
  },
  {
    threat: "G",
    defence: "each message that one failure ends has an error of its own",
    edits: [
      ["net/channel.ts", "index === 0 ? cause : loss.lostBehind(this.peer, cause, phaseDueTo(waiting))", "cause"],
    ],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "malformed reply",
  },
  {
    threat: "G",
    defence: "what was given before close() is waited for",
    edits: [["mailer.ts", "await Promise.allSettled(this.#preparing);", ""]],
    test: CLOSE,
    names: "^a message that was given",
  },
  {
    threat: "G",
    defence: "an answer that comes before a write returns lies behind what is being read",
    edits: [["wire/reply-parser.ts", "if (this.#chunks.push(chunk) > 1) return;", "this.#chunks.unshift(chunk);"]],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "^octets that come while",
  },
  {
    threat: "G",
    defence: "what requires TLS on the rest of its way goes to nobody who does not offer that",
    edits: [["protocol/mail-parameters.ts", '"REQUIRETLS",\n      peer', '"SIZE",\n      peer']],
    test: "test/engine/offers.test.ts",
    names: "^to a server that does not promise",
  },
  {
    threat: "G",
    defence: "a connection carries no more than MAILMAX",
    edits: [["pool/lane.ts", 'session.capabilities.limit("MAILMAX") ?? Infinity', "Infinity"]],
    test: "test/engine/offers.test.ts",
    names: "^a connection carries",
  },
  {
    threat: "B6",
    defence: "what was handed over and not answered is unknown, wherever the connection ends",
    edits: [
      [
        "session/conversation.ts",
        "new Interruption(cause, replies, ending)",
        'new Interruption(cause, replies, { ...ending, written: "part" })',
      ],
    ],
    test: "test/engine/whole-cut.test.ts",
    names: "^implicit, BDAT: ended by reset after each octet of the server",
  },
];
