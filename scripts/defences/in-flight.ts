/** The defences of several messages on their way at once: threat G, and the truth about each of them. */
import { type Defence, always, first, never, remove, second, swap, value, without } from "./defence.ts";

const CLOSE = "test/engine/close.test.ts";
const IN_FLIGHT = "test/engine/in-flight.test.ts";
const TURNSTILE = "packages/mailer/src/session/turnstile.test.ts";

export const inFlightDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "what is written ahead of replies begins with RSET",
    removals: [without("reset-before-what-is-written-ahead", 2)],
    test: IN_FLIGHT,
    names: "^a sender that the server keeps",
  },
  {
    threat: "G",
    defence: "at the first refusal nothing more is admitted until all are answered",
    removals: [always("window-has-a-limit")],
    test: TURNSTILE,
    names: "refusal",
  },
  {
    threat: "G",
    defence: "nothing is written after a message of many recipients before it is answered",
    removals: [without("nothing-after-many-recipients", 1)],
    test: IN_FLIGHT,
    names: "^nothing follows a message of many",
  },
  {
    threat: "G",
    defence: "the window has a limit",
    removals: [swap("window-has-a-limit", ["Math.min", "Math.max"])],
    test: IN_FLIGHT,
    names: "^a server that closes unasked",
  },
  {
    threat: "F",
    defence: "octets that changed since they were given let nothing out that was left in memory",
    removals: [never("no-octets-of-other-memory")],
    test: "test/engine/misuse.test.ts",
    names: "^a message whose memory is made shorter",
  },
  {
    threat: "G",
    defence: "what is no signal is refused before it is counted",
    removals: [remove("signal-is-a-signal")],
    test: "test/engine/misuse.test.ts",
    names: "^what is no signal",
  },
  {
    threat: "G",
    defence: "a body that can be read once is not begun in parts",
    removals: [always("read-once-goes-whole")],
    test: "test/engine/misuse.test.ts",
    names: "^a stream that can be read once",
  },
  {
    threat: "G",
    defence: "what is given up while it is gathered counts as written: it goes out with the rest",
    removals: [never("given-up-while-gathered-goes-out")],
    test: "packages/mailer/src/net/channel-writing.test.ts",
    names: "^what was gathered goes out",
  },
  {
    threat: "G",
    defence: "what is unknown is never sent again",
    removals: [swap("unknown-is-not-sent-again", ['=== "unsent"', '.startsWith("un")'])],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "only 421 and then the close prove what followed untaken",
    removals: [swap("421-proves-little", ['=== "end" &&', '!== "us" ||'])],
    test: IN_FLIGHT,
    names: "",
  },
  {
    threat: "G",
    defence: "a 421 that the server goes on after proves nothing",
    removals: [value("last-word-is-the-last", "Object.values($left ?? {}).includes(421) ? $left : $")],
    test: IN_FLIGHT,
    names: "^421 by a server",
  },
  {
    threat: "G",
    defence: "421 to RSET alone does not say that the message after it was not taken",
    removals: [never("421-to-rset-decides-nothing-alone")],
    test: IN_FLIGHT,
    names: "^421 to RSET by a server",
  },
  {
    threat: "G",
    defence: "503 after a final dot counts only if all of the envelope got it",
    removals: [never("503-to-the-whole-envelope")],
    test: "packages/mailer/src/protocol/after-dot.test.ts",
    names: "^a part of an envelope",
  },
  {
    threat: "G",
    defence: "one caller's abort does not end the connection of the others",
    removals: [always("one-abort-ends-one-message")],
    test: IN_FLIGHT,
    names: "^an abort of one",
  },
  {
    threat: "G",
    defence: "each message that one failure ends has an error of its own",
    removals: [first("one-failure-many-errors")],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "malformed reply",
  },
  {
    threat: "G",
    defence: "what was given before close() is waited for",
    removals: [remove("close-waits-for-what-was-given")],
    test: CLOSE,
    names: "^a message that was given",
  },
  {
    threat: "G",
    defence: "an answer that comes before a write returns is read after what is being read",
    removals: [swap("answer-to-a-write-is-read-after-it", ["> 1", "> Infinity"])],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "^octets that come while",
  },
  {
    threat: "G",
    defence: "what requires TLS on the rest of its way goes to nobody who does not offer that",
    removals: [swap("requiretls-has-to-be-offered", ['"REQUIRETLS"', '"SIZE"'])],
    test: "test/engine/offers.test.ts",
    names: "^to a server that does not promise",
  },
  {
    threat: "G",
    defence: "a connection carries no more than MAILMAX",
    removals: [value("no-more-than-mailmax", "$1")],
    test: "test/engine/offers.test.ts",
    names: "^a connection carries",
  },
  {
    threat: "B6",
    defence: "what was handed over and not answered is unknown, wherever the connection ends",
    removals: [second("written-once-it-is-handed-over")],
    test: "test/engine/exhaustive/whole-cut-implicit.test.ts",
    names: "^implicit, BDAT: ended by reset after each octet of the server",
  },
];
