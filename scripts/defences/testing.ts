/** The defences of the test server, which is as strict as a real one should be: what a client does wrong fails in a test. */
import { type Defence, first, never, remove, value, without } from "./defence.ts";

const STRICT = "test/testing/strict.test.ts";
const INTAKE = "packages/lab/src/server/intake.test.ts";

export const testingDefences: readonly Defence[] = [
  {
    threat: "B7",
    defence: "what comes with STARTTLS, before the reply, ends the test server's session",
    removals: [never("nothing-comes-with-starttls")],
    test: STRICT,
    names: "^octets sent with STARTTLS",
  },
  {
    threat: "B8",
    defence: "the test server forgets what was said in the clear",
    removals: [remove("what-was-said-in-clear-is-forgotten")],
    test: STRICT,
    names: "^EHLO is expected again",
  },
  {
    threat: "A1",
    defence: "the test server takes neither a login nor a message in the clear",
    removals: [first("nothing-in-the-clear")],
    test: STRICT,
    names: "in the clear",
  },
  {
    threat: "E",
    defence: "the test server takes no message without a login",
    removals: [never("nothing-without-a-login")],
    test: STRICT,
    names: "^a message without a login",
  },
  {
    threat: "F",
    defence: "to the test server a line ends with CRLF and with nothing else",
    removals: [never("lines-end-with-crlf-alone")],
    test: INTAKE,
    names: "has a line end that two readers",
  },
  {
    threat: "G",
    defence: "the test server keeps no line without an end",
    removals: [value("lines-have-an-end", "Infinity")],
    test: INTAKE,
    names: "^a line without an end",
  },
  {
    threat: "G",
    defence: "the test server refuses a message that is too large before it is sent",
    removals: [never("announced-size-has-a-limit")],
    test: STRICT,
    names: "^a message that is announced too large",
  },
  {
    threat: "F",
    defence: "what the test server is to answer is one reply, and no second one",
    removals: [never("failure-is-one-reply")],
    test: "packages/testing/src/failure.test.ts",
    names: "^a reply that is none",
  },
  {
    threat: "F",
    defence: "options of the test server are read as own properties",
    removals: [value("options-of-its-own", "$given")],
    test: "test/testing/next-message.test.ts",
    names: "^the test server ignores options",
  },
  {
    threat: "E",
    defence: "each test server has a password of its own",
    removals: [without("password-of-its-own", 2)],
    test: STRICT,
    names: "^every server has",
  },
  {
    threat: "G",
    defence: "the test server makes a client wait while nobody reads what it has sent",
    removals: [never("unread-octets-have-a-limit")],
    test: "packages/lab/src/server/connection.test.ts",
    names: "^a client waits while nobody reads",
  },
  {
    threat: "G",
    defence: "a chunk that is too large is refused by its count, before it is in memory",
    removals: [value("chunk-is-judged-by-its-count", "false")],
    test: "test/testing/receive.test.ts",
    names: "a chunk too large",
  },
  {
    threat: "G",
    defence: "nothing of a message that is too large is kept",
    removals: [never("what-is-too-large-is-not-kept")],
    test: "packages/testing/src/body.test.ts",
    names: "^a message that is too large is counted",
  },
  {
    threat: "F",
    defence: "an option that the test server does not know is refused",
    removals: [never("every-option-is-known")],
    test: "test/testing/options.test.ts",
    names: "refuses",
  },
  {
    threat: "F",
    defence: "a failure that does not happen to the message it is for fails the test",
    removals: [never("failure-that-cannot-happen")],
    test: "test/testing/impossible.test.ts",
    names: "^a message with a failure that cannot happen",
  },
  {
    threat: "F",
    defence: "a failure that is left when the test server is closed fails the test",
    removals: [never("failures-happen-before-the-end")],
    test: "test/testing/impossible.test.ts",
    names: "^a failure still to come",
  },
];
