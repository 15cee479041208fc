/** The defences of what takes the place of others: Nodemailer's transport and Upyo's. Threats A, E, F and G. */
import { always, type Defence, never, remove, swap } from "./defence.ts";

const ENVELOPE = "test/adapters/envelope.test.ts";
const NODEMAILER = "test/adapters/nodemailer.test.ts";

export const dropInDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "Nodemailer's reading of the recipients and ours are the same",
    removals: [never("same-recipients")],
    test: ENVELOPE,
    names: "",
  },
  {
    threat: "F",
    defence: "Nodemailer's reading of the sender and ours are the same",
    removals: [never("same-sender")],
    test: ENVELOPE,
    names: "",
  },
  {
    threat: "A",
    defence: "a proxy set on the transporter is not gone around",
    removals: [never("proxy-is-not-gone-around")],
    test: NODEMAILER,
    names: "proxy",
  },
  {
    threat: "E",
    defence: "another account for one message is not passed over",
    removals: [remove("other-account-is-refused")],
    test: NODEMAILER,
    names: "another account",
  },
  {
    threat: "G",
    defence: "what is unknown has no code that applications send again on",
    removals: [swap("no-code-that-means-again", ['"EMESSAGE"', '"ECONNECTION"'])],
    test: NODEMAILER,
    names: "fate is unknown",
  },
  {
    threat: "G",
    defence: "an address is not reported as rejected because of the sender or the message",
    removals: [never("rejected-by-rcpt-alone")],
    test: "test/adapters/refusals.test.ts",
    names: "to MAIL",
  },
  {
    threat: "G",
    defence: "Upyo is not told that all went well where some recipients got nothing",
    removals: [always("sent-to-all-or-not-sent")],
    test: "test/adapters/upyo.test.ts",
    names: "",
  },
];
