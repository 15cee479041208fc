/** The defences against what a caller is given by others: addresses, options, objects with methods of their own. */
import type { Defence } from "./defence.ts";

export const inputDefences: readonly Defence[] = [
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
