/** The defences of the truth about a message: who ended the connection, and what its replies answer. */
import { type Defence, always, first, never, remove, second, unwrap, value, without } from "./defence.ts";

const BORROWED = "test/attack/borrowed-errors.test.ts";

const LEDGER = "packages/mailer/src/protocol/ledger.test.ts";
const OUT_OF_STEP = "test/engine/out-of-step.test.ts";
const SET_UP = "test/engine/set-up.test.ts";

export const fateDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "the reason of a signal is never an error of ours, whatever its class: where a message waits",
    removals: [unwrap("reason-of-a-waiting-abort-is-a-cause", 2)],
    test: BORROWED,
    names: "^a signal that is aborted|^sendAll",
  },
  {
    threat: "G",
    defence: "the reason of a signal is never an error of ours, whatever its class: where a message is under way",
    removals: [unwrap("reason-of-an-abort-is-a-cause", 2)],
    test: BORROWED,
    names: "^an abort with the error",
  },
  {
    threat: "G",
    defence: "an error that a body's source throws is the cause of one of ours",
    removals: [value("error-of-a-source-is-a-cause", "$1()")],
    test: BORROWED,
    names: "^a body whose source throws",
  },
  {
    threat: "G",
    defence: "what is no error of ours is a fault, and not an abort",
    removals: [always("fault-is-no-abort")],
    test: BORROWED,
    names: "^a fault inside",
  },
  {
    threat: "G",
    defence: "a reply too many makes all that was read with it doubtful",
    removals: [always("answers-are-told-after-the-read")],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^two replies to one command",
  },
  {
    threat: "G",
    defence: "a server that takes the login and closes at once has not served us",
    removals: [remove("login-and-close-is-no-login"), never("ended-at-once-has-failed")],
    test: SET_UP,
    names: "^send: 421 too with the last reply of the set-up .AUTH",
  },
  {
    threat: "G",
    defence: "a status about an address is no answer to a message",
    removals: [never("no-status-about-an-address")],
    test: OUT_OF_STEP,
    names: "^MAIL is answered twice",
  },
  {
    threat: "G",
    defence: "421 proves what followed it untaken only as the answer to RSET or MAIL",
    removals: [without("421-proves-little", 3)],
    test: LEDGER,
    names: "^a message that was handed over and not answered is unknown: 421 to RCPT",
  },
  {
    threat: "G",
    defence: "421 proves what followed it untaken only if the peer closed in order",
    removals: [without("421-proves-little", 1)],
    test: LEDGER,
    names: "^a message that was handed over and not answered is unknown: 421 to MAIL, and a reset",
  },
  {
    threat: "G",
    defence: "octets after a 421 say that the server has not closed with it",
    removals: [first("nothing-after-the-last-word")],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^octets after the last reply",
  },
  {
    threat: "G",
    defence: "a server that does not know BDAT gets it once",
    removals: [remove("bdat-is-refused-once")],
    test: "test/engine/unread-chunk.test.ts",
    names: "",
  },
  {
    threat: "G",
    defence: "an aborted body never gets its last octet",
    removals: [remove("aborted-body-has-no-end"), remove("aborted-body-is-not-written")],
    test: "packages/mailer/src/net/channel-writing.test.ts",
    names: "^a body whose wait was given up",
  },
  {
    threat: "G",
    defence: "an abort by an observer finds the wait, which is not in the line yet",
    removals: [never("abort-by-an-observer-is-seen"), never("end-by-an-observer-is-seen")],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts at any conversation.command",
  },
  {
    threat: "G",
    defence: "a message that finds its connection ended by another's abort has lost a connection",
    removals: [second("anothers-abort-is-a-loss")],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts at any conversation.command",
  },
  {
    threat: "G",
    defence: "a conversation tells its end once",
    removals: [never("conversation-ends-once"), never("abort-and-throw-is-one-end")],
    test: "test/engine/abort.test.ts",
    names: "^a progress function that aborts",
  },
  {
    threat: "G",
    defence: "a message that waits is ended once, whatever ending another begins",
    removals: [value("told-once", "[...$]")],
    test: "test/engine/abort.test.ts",
    names: "^messages that wait with one signal",
  },
  {
    threat: "G",
    defence: "a stream is destroyed if its handshake never began",
    removals: [remove("stream-ends-without-a-handshake")],
    test: "test/engine/abort.test.ts",
    names: "^an observer that aborts before the handshake",
  },
  {
    threat: "G",
    defence: "a refusal that cannot be one of RSET is left over from the messages before",
    removals: [never("surplus-refusal-is-no-answer-to-rset")],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^a refusal that cannot be one of RSET",
  },
];
