/** The defences against what a caller is given by others: addresses, options, objects with methods of their own. */
import type { Defence } from "./defence.ts";

const POLLUTION = "test/attack/pollution.test.ts";

export const inputDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "options are read as own properties",
    edits: [["policy/own-options.ts", "  return own;", "  return given;"]],
    test: POLLUTION,
    names: "what would be worth most on Object.prototype",
  },
  {
    threat: "F",
    defence: "a message has no property that it only inherits",
    edits: [["policy/own-options.ts", "  return own;", "  return given;"]],
    test: "packages/mailer/src/message/inherited.test.ts",
    names: "no name that a message may have is read from Object.prototype",
  },
  {
    threat: "F",
    defence: "Node finds none of its TLS options on Object.prototype",
    edits: [["tls/handshake.ts", "      ...LEFT_OUT,\n", ""]],
    test: POLLUTION,
    names: "what would be worth most on Object.prototype",
  },
  {
    threat: "F",
    defence: "an option that is only inherited is refused, not dropped in silence",
    edits: [
      ["policy/own-options.ts", "!== Object.prototype) judgeClass(given, known, place);", "!== Object.prototype) ;"],
    ],
    test: "packages/mailer/src/policy/own-options.test.ts",
    names: "an option that a class or a prototype has is refused",
  },
  {
    threat: "C5",
    defence: "a name that lower case or normalisation would change is refused, in hosts and in domains",
    edits: [["wire/a-label.ts", "label.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())", "label.toLowerCase()"]],
    test: "packages/mailer/src/policy/server.test.ts",
    names: "a host with a Kelvin sign",
  },
  {
    threat: "C5",
    defence: "what parsing a URL drops or decodes in a host is refused",
    edits: [["policy/server.ts", "if (DROPPED.test(text) || ESCAPED_ASCII.test(url.hostname))", "if (false)"]],
    test: "packages/mailer/src/policy/server.test.ts",
    names: "a host (in octets|with a tab in it)",
  },
  {
    threat: "F",
    defence: "no mailbox has an encoded word in it",
    edits: [["message/mailbox.ts", "if (ENCODED_WORD.test(localPart))", "if (false)"]],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "a mailbox with an encoded word",
  },
  {
    threat: "F",
    defence: "a ready-made message has each field once that may stand once",
    edits: [["message/header-judge.ts", '  "content-type",\n', ""]],
    test: "packages/mailer/src/message/ready-message.test.ts",
    names: "a ready-made message with two Content-Type fields",
  },
  {
    threat: "F",
    defence: "a Date of the caller's own class writes no header line",
    edits: [
      [
        "message/compose.ts",
        "const date = new Date(types.isDate(given) ? Date.prototype.getTime.call(given) : Number.NaN);",
        "const date = given;",
      ],
    ],
    test: "packages/mailer/src/message/own-methods.test.ts",
    names: "a Date",
  },
  {
    threat: "F",
    defence: "octets of the caller's own class are counted and cut by the language",
    edits: [
      [
        "message/octets.ts",
        "  return Buffer.from(buffer, offset, length);",
        "  return Buffer.isBuffer(given) ? given : Buffer.from(given);",
      ],
    ],
    test: "packages/mailer/src/message/own-methods.test.ts",
    names: "octets",
  },
  {
    threat: "F",
    defence: "what was handed over is ended when the send settles",
    edits: [["message/handed-over.ts", "for (const close of this.#held.values()) void quietly(close);", ""]],
    test: "test/attack/handed-over.test.ts",
    names: "the file of a ready-made message is closed where the recipient is refused",
  },
  {
    threat: "F",
    defence: "a stream is ended although its message was refused unread",
    edits: [["message/handed-over.ts", "if (isObject(message)) this.#look(message);", ""]],
    test: "test/attack/handed-over.test.ts",
    names: "the file of an attachment is closed where an address is bad",
  },
  {
    threat: "F",
    defence: "no quantifier stands in another in the pattern of a quoted local part (B1)",
    edits: [
      [
        "message/mailbox.ts",
        'RegExp(`^"([.${ATEXT}]+(?: [.${ATEXT}]+)*)"$`',
        'RegExp(`^"((?:[${ATEXT}]+|\\.)+(?: (?:[${ATEXT}]+|\\.)+)*)"$`',
      ],
    ],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "as long as it may be",
  },
  {
    threat: "F",
    defence: "the gap of an IPv6 literal stands for at least two groups (F5)",
    edits: [["message/address-literal.ts", "width <= 6 :", "width <= 7 :"]],
    test: "packages/mailer/src/message/mailbox.test.ts",
    names: "gap stands for one group",
  },
  {
    threat: "F",
    defence: "a query writes octets over 127 only if the server offered SMTPUTF8",
    edits: [["protocol/query.ts", 'if (!offered.has("SMTPUTF8"))', "if (false)"]],
    test: "packages/mailer/src/protocol/query.test.ts",
    names: "^a name that is not ASCII needs",
  },
  {
    threat: "F",
    defence: "spaces are taken off an address in one pass (B1)",
    edits: [
      [
        "adapters/nodemailer/address-list.ts",
        "  let [start, end] = [0, text.length];\n",
        '  if (text !== "") return text.replace(/^ +| +$/g, "");\n  let [start, end] = [0, text.length];\n',
      ],
    ],
    test: "test/linear/mailer.test.ts",
    names: "readAddresses takes linear time",
  },
];
