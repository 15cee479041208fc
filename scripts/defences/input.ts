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
];
