/** The defences of the command against its own input. */
import type { Defence } from "./defence.ts";

const INPUT = "test/cli/hostile-input.test.ts";
const IMPORT = "test/cli/import.test.ts";
const OUTPUT = "test/cli/hostile-output.test.ts";
const SENDMAIL = "packages/cli/src/sendmail";

export const commandDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "a header for -t ends with an empty line, so that no Bcc becomes text",
    edits: [[`${SENDMAIL}/submission.ts`, "  refuseOddHeader(source, words);\n", ""]],
    test: INPUT,
    names: "^behind -t a header ends",
  },
  {
    threat: "F",
    defence: "a line end beside the colon of --header is not trimmed away",
    edits: [["packages/cli/src/message.ts", "name: header.slice(0, colon),", "name: header.slice(0, colon).trim(),"]],
    test: INPUT,
    names: "^a line end beside the colon",
  },
  {
    threat: "F",
    defence: "the user in a server's URL has no control character",
    edits: [
      [
        "packages/cli/src/server-url.ts",
        "const hidden = textFaultOf(decoded(username) + decoded(password));",
        "const hidden = textFaultOf(username + password);",
      ],
    ],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
  {
    threat: "F",
    defence: "a text of the configuration has no control character",
    edits: [["packages/cli/src/account/table-reader.ts", "return this.#judged(key, value, remedy);", "return value;"]],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
  {
    threat: "F",
    defence: "an argument that is not UTF-8 is refused",
    edits: [["packages/cli/src/main.ts", "if (damaged !== -1) return", "if (false) return"]],
    test: INPUT,
    names: "^octets that are not UTF-8 are refused in every argument",
  },
  {
    threat: "F",
    defence: "an address in a header that is not UTF-8 is refused",
    edits: [[`${SENDMAIL}/address-list.ts`, "if (!isUtf8(octets))", "if (false)"]],
    test: `${SENDMAIL}/address-list.test.ts`,
    names: "^what could be read as other addresses",
  },
  {
    threat: "F",
    defence: "a program, a file or a list is nobody's name",
    edits: [
      [`${SENDMAIL}/names.ts`, "    if (!isName(name)) return undefined;\n", ""],
      [
        `${SENDMAIL}/names.ts`,
        "if (isWhole(name) || isName(localName(name))) return;",
        "if (name !== undefined) return;",
      ],
    ],
    test: INPUT,
    names: "^a program, a file or a list",
  },
  {
    threat: "F",
    defence: "an encoded word is part of no address",
    edits: [[`${SENDMAIL}/address-list.ts`, 'if (text.includes("=?")) throw', "if (false) throw"]],
    test: `${SENDMAIL}/address-list.test.ts`,
    names: "^what could be read as other addresses",
  },
  {
    threat: "E",
    defence: "a passwordeval that holds the password is not copied into the configuration",
    edits: [["packages/cli/src/import/msmtprc.ts", "if (mayHoldSecret(program.argument)) {", "if (false) {"]],
    test: IMPORT,
    names: "^a password that stands where none belongs",
  },
  {
    threat: "E",
    defence: "words behind a setting of msmtp are not copied into the configuration",
    edits: [["packages/cli/src/import/msmtprc.ts", "if (!setting.isSeveral) return", "if (setting.line > 0) return"]],
    test: IMPORT,
    names: "^a password that stands where none belongs",
  },
  {
    threat: "E",
    defence: "the host of imported settings is nothing but a host",
    edits: [["packages/cli/src/import/nodemailer.ts", "if (!isHost(host)) {", "if (false) {"]],
    test: IMPORT,
    names: "^a password that stands where none belongs",
  },
  {
    threat: "A10",
    defence: "JSON from the command holds nothing that a terminal would obey",
    edits: [["packages/cli/src/output.ts", "this.#stream.write(jsonSafe(text));", "this.#stream.write(text);"]],
    test: OUTPUT,
    names: "^keywords of EHLO",
  },
  {
    threat: "A10",
    defence: "a line from the command holds nothing that a terminal would obey",
    edits: [["packages/cli/src/output.ts", "const safe = printable(text);", "const safe = text;"]],
    test: OUTPUT,
    names: "^keywords of EHLO",
  },
  {
    threat: "A10",
    defence: "a page from the command holds nothing that a terminal would obey",
    edits: [
      ["packages/cli/src/output.ts", "this.#stream.write(pageSafe(text));", "this.#stream.write(text);"],
      [
        "packages/cli/src/account/draft-toml.ts",
        "return tomlSafe(JSON.stringify(value));",
        "return JSON.stringify(value);",
      ],
    ],
    test: OUTPUT,
    names: "^an imported file",
  },
  {
    threat: "F",
    defence: "a mode of sendmail is looked up in a map, not in an object with a prototype",
    edits: [[`${SENDMAIL}/words.ts`, "MODES.get(value)", "Object.fromEntries(MODES)[value]"]],
    test: `${SENDMAIL}/words.test.ts`,
    names: "^what this cannot do",
  },
  {
    threat: "F",
    defence: "a password in a variable has no control character",
    edits: [
      ["packages/cli/src/credentials.ts", "const fault = textFaultOf(value);", "const fault = textFaultOf(name);"],
    ],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
];
