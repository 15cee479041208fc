/** The defences of the impostor's ear: what a client leaks is heard, wherever it goes, and however much it says. */
import { always, type Defence, never, remove, swap, value } from "./defence.ts";

const EAR = "test/lab/ear.test.ts";
const IMPOSTOR = "packages/lab/src/impostor/impostor.test.ts";

export const earDefences: readonly Defence[] = [
  {
    threat: "L",
    defence: "what is no TLS record is clear text, however the connection began",
    removals: [never("what-is-no-record-is-clear")],
    test: EAR,
    names: "falls-back at",
  },
  {
    threat: "L",
    defence: "clear text in what only looks like a record is heard",
    removals: [remove("records-are-searched-too")],
    test: EAR,
    names: "false-record at",
  },
  {
    threat: "L",
    defence: "the impostor listens wherever a client may fall back to",
    removals: [value("ears-at-every-port", "[]")],
    test: EAR,
    names: "other-port at",
  },
  {
    threat: "L",
    defence: "a client that has an answer from the clear has time to show it",
    removals: [always("answers-are-held-back")],
    test: EAR,
    names: "one-buffer at B1",
  },
  {
    threat: "L",
    defence: "a failed write does not end the reading of what has come",
    removals: [remove("a-failed-write-ends-no-reading")],
    test: "packages/lab/src/impostor/hear-out.test.ts",
    names: "",
  },
  {
    threat: "L",
    defence: "what is heard of a client has a limit",
    removals: [swap("ears-have-a-limit", ["<=", ">"])],
    test: IMPOSTOR,
    names: "up to 8 MiB",
  },
  {
    threat: "L",
    defence: "a line that the impostor reads has an end",
    removals: [swap("an-impostors-lines-have-an-end", ["1024 * 1024", "Infinity"])],
    test: IMPOSTOR,
    names: "without an end",
  },
  {
    threat: "L",
    defence: "a session with the impostor has an end",
    removals: [value("a-session-has-an-end", "Infinity")],
    test: IMPOSTOR,
    names: "thousand commands",
  },
];
