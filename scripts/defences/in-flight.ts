/** The defences of several messages on their way at once: threat G, and the truth about each of them. */
import type { Defence } from "./defence.ts";

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
    threat: "G",
    defence: "what is unknown is never sent again",
    edits: [["pool/job.ts", 'outcome === "unsent" ||', 'outcome === "unsent" || outcome === "unknown" ||']],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "only 421 and then the close prove what lay behind untaken",
    edits: [["net/channel.ts", "this.#closing = reply.code === 421;", "this.#closing = true;"]],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "a 421 that the server goes on after proves nothing",
    edits: [["net/channel.ts", "this.#closing = reply.code === 421;", "if (reply.code === 421) this.#closing = true;"]],
    test: IN_FLIGHT,
    names: "^421 by a server",
  },
  {
    threat: "G",
    defence: "503 behind a final dot counts only where all of the envelope got it",
    edits: [["protocol/ledger.ts", "if (taken !== undefined) throw", "if (false) throw"]],
    test: "packages/mailer/src/protocol/behind-dot.test.ts",
    names: "^a part of an envelope",
  },
  {
    threat: "G",
    defence: "one caller's abort does not end the connection of the others",
    edits: [
      [
        "session/drive.ts",
        "this.#channel.abandon(this, this.#options.signal?.reason);",
        "this.#channel.fail(this.#options.signal?.reason);",
      ],
    ],
    test: IN_FLIGHT,
    names: "^an abort of one",
  },
  {
    threat: "G",
    defence: "each message that one failure ends has an error of its own",
    edits: [["net/channel.ts", "index === 0 ? cause : this.#lostBehind(cause, phase)", "cause"]],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "malformed reply",
  },
];
