/** The defences against what a caller is given by others: addresses, options, objects with methods of their own. */
import { type Defence, instead, never, remove, swap, unwrap, value } from "./defence.ts";

const POLLUTION = "test/attack/pollution.test.ts";

export const inputDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "options are read as own properties",
    removals: [unwrap("own-properties-alone")],
    test: POLLUTION,
    names: "the most valuable names on Object.prototype",
  },
  {
    threat: "F",
    defence: "a message has no property that it only inherits",
    removals: [unwrap("own-properties-alone")],
    test: "packages/mailer/src/message/inherited.test.ts",
    names: "no name that a message may have is read from Object.prototype",
  },
  {
    threat: "F",
    defence: "Node finds none of its TLS options on Object.prototype",
    removals: [remove("nothing-from-the-prototype")],
    test: POLLUTION,
    names: "the most valuable names on Object.prototype",
  },
  {
    threat: "F",
    defence: "an option that is only inherited is refused, not dropped in silence",
    removals: [never("inherited-options-are-refused")],
    test: "packages/mailer/src/policy/own-options.test.ts",
    names: "an option that a class or a prototype has is refused",
  },
  {
    threat: "C5",
    defence: "a name that lower case or normalisation would change is refused, in hosts and in domains",
    removals: [value("lower-case-of-ascii-alone", "$given.toLowerCase()")],
    test: "packages/mailer/src/policy/server.test.ts",
    names: "a host with a Kelvin sign",
  },
  {
    threat: "C5",
    defence: "what parsing a URL drops or decodes in a host is refused",
    removals: [never("url-drops-nothing")],
    test: "packages/mailer/src/policy/server.test.ts",
    names: "a host (in octets|with a tab in it)",
  },
  {
    threat: "F",
    defence: "no mailbox has an encoded word in it",
    removals: [never("no-encoded-word")],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "a mailbox with an encoded word",
  },
  {
    threat: "F",
    defence: "a ready-made message has each field once that may stand once",
    removals: [remove("content-type-once")],
    test: "packages/mailer/src/message/ready-message.test.ts",
    names: "a ready-made message with two Content-Type fields",
  },
  {
    threat: "F",
    defence: "a Date of the caller's own class writes no header line",
    removals: [value("time-of-a-date-alone", "$given")],
    test: "packages/mailer/src/message/own-methods.test.ts",
    names: "a Date",
  },
  {
    threat: "F",
    defence: "octets of the caller's own class are counted and cut by the language",
    removals: [value("octets-by-the-language", "Buffer.isBuffer($given) ? $given : Buffer.from($given)")],
    test: "packages/mailer/src/message/own-methods.test.ts",
    names: "octets",
  },
  {
    threat: "F",
    defence: "what was handed over is ended when the send settles",
    removals: [remove("handed-over-is-ended")],
    test: "test/attack/handed-over.test.ts",
    names: "the file of a ready-made message is closed if the recipient is refused",
  },
  {
    threat: "F",
    defence: "a stream is ended although its message was refused unread",
    removals: [never("streams-are-found-before-judging")],
    test: "test/attack/handed-over.test.ts",
    names: "the file of an attachment is closed if an address is bad",
  },
  {
    threat: "F",
    defence: "no quantifier stands in another in the pattern of a quoted local part (B1)",
    removals: [swap("no-nested-quantifier", ['^"([', '^"((?:['], ["]+(?: [", "]+)+(?: ["])],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "as long as it may be",
  },
  {
    threat: "F",
    defence: "the gap of an IPv6 literal stands for at least two groups (F5)",
    removals: [swap("gap-is-two-groups", ["<= 6", "<= 7"])],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "gap stands for one group",
  },
  {
    threat: "F",
    defence: "a query writes octets over 127 only if the server offered SMTPUTF8",
    removals: [never("smtputf8-has-to-be-offered")],
    test: "packages/mailer/src/protocol/query.test.ts",
    names: "^a name that is not ASCII needs",
  },
  {
    threat: "F",
    defence: "spaces are taken off an address in one pass (B1)",
    removals: [instead("spaces-in-one-pass", 'if ($given !== "") return $given.replace(/^ +| +$/g, ""); $')],
    test: "test/linear/mailer.test.ts",
    names: "readAddresses takes linear time",
  },
];
