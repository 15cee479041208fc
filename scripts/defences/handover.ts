/** The defences of `beforeHandover`: threat G, and the truth of a caller's own record of what may have been sent. */
import { type Defence, remove, second, swap, without } from "./defence.ts";

const HANDOVER = "test/engine/handover.test.ts";

export const handoverDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "nothing is handed over before the caller has answered",
    removals: [swap("handover-waits-for-the-caller", ["await", "void"])],
    test: HANDOVER,
    names: "^the server cannot have a message before its caller",
  },
  {
    threat: "G",
    defence: "the caller of a message that goes out in one piece is asked before it is admitted",
    removals: [second("caller-is-asked-before-admission")],
    test: HANDOVER,
    names: "^a function that throws is a no: a mailer, whole",
  },
  {
    threat: "G",
    defence: "the caller of any other message is asked before its last octets",
    removals: [remove("caller-is-asked-before-the-end")],
    test: HANDOVER,
    names: "^a function that throws is a no: a mailer, (?:long|a stream)",
  },
  {
    threat: "G",
    defence: "a session asks its caller, too",
    removals: [remove("session-asks-its-caller")],
    test: HANDOVER,
    names: "^a function that throws is a no: a session, whole",
  },
  {
    threat: "G",
    defence: "a yes that comes after the message was given up sends nothing",
    removals: [remove("late-yes-sends-nothing")],
    test: HANDOVER,
    names: "^a late yes to a message",
  },
  {
    threat: "G",
    defence: "callers are asked one window ahead, and while there is a connection",
    removals: [without("a-window-is-asked-ahead", 2)],
    test: HANDOVER,
    names: "^(?:no more callers are asked ahead|nobody is asked while there is no server)",
  },
  {
    threat: "G",
    defence: "the time that a caller takes to answer does not count for the pace of a body",
    removals: [remove("pace-waits-for-the-caller")],
    test: HANDOVER,
    names: "^a body is not too slow because",
  },
];
