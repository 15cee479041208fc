/** The defences of the pool: that it never storms a server, tells nobody too early, and ends. */
import { type Defence, always, never, remove, second, swap, value, without } from "./defence.ts";

const OPENINGS = "packages/mailer/src/pool/openings.test.ts";
const DECIDE = "packages/mailer/src/pool/decide.test.ts";
const CLOSE = "test/engine/close.test.ts";

export const poolDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "a failure beside connections that serve is counted apart",
    removals: [swap("failure-beside-others-is-apart", ["> 0", "> 99"])],
    test: OPENINGS,
    names: "^one beside others that serve",
  },
  {
    threat: "G",
    defence: "a refused login waits far longer than a refused connection",
    removals: [value("refused-login-waits-longer", "10_000")],
    test: OPENINGS,
    names: "^a refused login",
  },
  {
    threat: "G",
    defence: "a minute holds so many failed connections, whatever a server says",
    removals: [remove("failures-a-minute")],
    test: OPENINGS,
    names: "^whatever a server says",
  },
  {
    threat: "G",
    defence: "a minute holds so many failed logins, whatever a server says",
    removals: [remove("failed-logins-a-minute")],
    test: OPENINGS,
    names: "^whatever a server says",
  },
  {
    threat: "G",
    defence: "connections that are under way together leave a minute within its bounds, also if all of them fail",
    removals: [remove("those-under-way-may-fail")],
    test: "test/engine/recovery.test.ts",
    names: "^connections that are opened together",
  },
  {
    threat: "G",
    defence: "connections that fail together are one failure",
    removals: [never("together-is-once")],
    test: OPENINGS,
    names: "^connections that fail together",
  },
  {
    threat: "G",
    defence: "a connection that takes the place of another does not end the wait for one more",
    removals: [never("replacement-ends-no-wait")],
    test: OPENINGS,
    names: "^one that takes the place",
  },
  {
    threat: "G",
    defence: "an outage shorter than the caller is patient fails no send",
    removals: [always("short-outage-is-told-to-nobody")],
    test: OPENINGS,
    names: "^a server that could be reached before",
  },
  {
    threat: "G",
    defence: "patience goes on while a message is on a connection that may not serve either",
    removals: [always("carried-in-vain-is-waiting")],
    test: "test/engine/patience.test.ts",
    names: "^1 sent to",
  },
  {
    threat: "G",
    defence: "a connection that ended before it carried anything has failed, also if it was only idle",
    removals: [never("ended-while-idle-has-failed")],
    test: "test/engine/idle-end.test.ts",
    names: "^a server that hangs up",
  },
  {
    threat: "G",
    defence: "a server that is away is tried by one connection at a time",
    removals: [without("one-connection-while-away", 2)],
    test: DECIDE,
    names: "^it has failed us, and a new connection",
  },
  {
    threat: "G",
    defence: "a message does not wait for the body of another",
    removals: [remove("no-wait-for-a-body")],
    test: DECIDE,
    names: "^one waits for one that hands over",
  },
  {
    threat: "G",
    defence: "no stretch holds more than the rate",
    removals: [swap("no-stretch-over-the-rate", ["+ 1", "/ 2"])],
    test: "packages/mailer/src/pool/rate-limit.test.ts",
    names: "^whatever is asked",
  },
  {
    threat: "G",
    defence: "a message counts from when it is written, however slow the caller's code is",
    removals: [swap("rates-count-writes", ["Infinity", "0"])],
    test: "test/engine/rate.test.ts",
    names: "^no second",
  },
  {
    threat: "G",
    defence: "what is given after close() is refused, so that it ends",
    removals: [second("after-close-is-refused")],
    test: CLOSE,
    names: "^close\\(\\) waits",
  },
  {
    threat: "G",
    defence: "what has arrived is read before a deadline ends anything",
    removals: [swap("read-before-a-deadline", ["setImmediate(", "((at) => at())("])],
    test: "packages/mailer/src/net/alarm.test.ts",
    names: "^what is read in the turn",
  },
  {
    threat: "G",
    defence: "no reply to a write is due before that to the message in it",
    removals: [second("no-reply-is-due-before-the-last")],
    test: "packages/mailer/src/net/channel-writing.test.ts",
    names: "^no reply to a write",
  },
  {
    threat: "G",
    defence: "TCP asks whether a silent peer is still there",
    removals: [never("tcp-asks-a-silent-peer")],
    test: "packages/mailer/src/net/connect.test.ts",
    names: "",
  },
];
