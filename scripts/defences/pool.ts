/** The defences of the pool: that it never storms a server, tells nobody too early, and ends. */
import type { Defence } from "./defence.ts";

const OPENINGS = "packages/mailer/src/pool/openings.test.ts";
const DECIDE = "packages/mailer/src/pool/decide.test.ts";
const CLOSE = "test/engine/close.test.ts";

export const poolDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "a failure beside connections that serve is counted apart",
    edits: [["pool/openings.ts", "    if (others > 0) {\n", "    if (others > 99) {\n"]],
    test: OPENINGS,
    names: "^one beside others that serve",
  },
  {
    threat: "G",
    defence: "a refused login waits far longer than a refused connection",
    edits: [["pool/openings.ts", "const LOGIN_CROWDED = 40_000;", "const LOGIN_CROWDED = CROWDED;"]],
    test: OPENINGS,
    names: "^a refused login",
  },
  {
    threat: "G",
    defence: "a minute holds so many failed connections, whatever a server says",
    edits: [["pool/openings.ts", "    this.#failures.take(1, now);\n", ""]],
    test: OPENINGS,
    names: "^whatever a server says",
  },
  {
    threat: "G",
    defence: "a minute holds so many failed logins, whatever a server says",
    edits: [["pool/openings.ts", "    if (isLogin) this.#failedLogins.take(1, now);\n", ""]],
    test: OPENINGS,
    names: "^whatever a server says",
  },
  {
    threat: "G",
    defence: "connections that fail together are one failure",
    edits: [["pool/openings.ts", "    if (after < this.#latest) return;\n", ""]],
    test: OPENINGS,
    names: "^connections that fail together",
  },
  {
    threat: "G",
    defence: "a connection that takes the place of another does not end the wait for one more",
    edits: [["pool/openings.ts", "    if (count <= this.#ceiling) return;\n", ""]],
    test: OPENINGS,
    names: "^one that takes the place",
  },
  {
    threat: "G",
    defence: "an outage shorter than the caller is patient is told to nobody",
    edits: [
      [
        "pool/openings.ts",
        "this.#absence === undefined || !this.#isKnown) return",
        "this.#absence === undefined || true) return",
      ],
    ],
    test: OPENINGS,
    names: "^a server that could be reached before",
  },
  {
    threat: "G",
    defence: "a server that is away is tried by one connection at a time",
    edits: [["pool/decide.ts", " || (openings.isAway && carrying > 0)", ""]],
    test: DECIDE,
    names: "^it has failed us, and a new connection",
  },
  {
    threat: "G",
    defence: "a message does not wait for the body of another",
    edits: [["pool/decide.ts", "if (!lane.isHeldUp) carrying", "carrying"]],
    test: DECIDE,
    names: "^one waits for one that hands over",
  },
  {
    threat: "G",
    defence: "no stretch holds more than the rate",
    edits: [["pool/rate-limit.ts", "return at + this.#time + 1;", "return at + this.#time / 2;"]],
    test: "packages/mailer/src/pool/rate-limit.test.ts",
    names: "^whatever is asked",
  },
  {
    threat: "G",
    defence: "what is given after close() is refused, so that it ends",
    edits: [
      ["mailer.ts", "isLate ? this.#pool.refuse(whole) : this.#pool.send(whole, own)", "this.#pool.send(whole, own)"],
    ],
    test: CLOSE,
    names: "^close\\(\\) waits",
  },
  {
    threat: "G",
    defence: "what has arrived is read before a deadline ends anything",
    edits: [["net/alarm.ts", "else setImmediate(this.#onRead);", "else this.#onRead();"]],
    test: "packages/mailer/src/net/alarm.test.ts",
    names: "^what is read in the turn",
  },
  {
    threat: "G",
    defence: "no reply to a write is due before that to the message in it",
    edits: [
      [
        "net/waiting.ts",
        'return verbs.includes("BODY") ? Math.max(own, wait.timeout("final-reply")) : own;',
        "return own;",
      ],
    ],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^no reply to a write",
  },
  {
    threat: "G",
    defence: "TCP asks whether a silent peer is still there",
    edits: [["net/connect.ts", "keepAlive: true,", "keepAlive: false,"]],
    test: "packages/mailer/src/net/connect.test.ts",
    names: "",
  },
];
