/** The defences of the command against its own input. */
import { type Defence, always, never, remove, unwrap, value } from "./defence.ts";

const INPUT = "test/cli/hostile-input.test.ts";
const IMPORT = "test/cli/import.test.ts";
const SECRECY = "packages/cli/src/import/secrecy.test.ts";
const OUTPUT = "test/cli/hostile-output.test.ts";
const OUTBOX = "test/cli/outbox.test.ts";
const SENDMAIL = "packages/cli/src/sendmail";

export const commandDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "a header for -t ends with an empty line, so that no Bcc becomes text",
    removals: [remove("header-ends-with-an-empty-line")],
    test: INPUT,
    names: "^a message's header has to end",
  },
  {
    threat: "F",
    defence: "a line end beside the colon of --header is not trimmed away",
    removals: [value("name-of-a-field-is-not-trimmed", "$.trim()")],
    test: INPUT,
    names: "^a line end beside the colon",
  },
  {
    threat: "F",
    defence: "the user in a server's URL has no control character",
    removals: [unwrap("escaped-control-characters-count")],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
  {
    threat: "F",
    defence: "a text of the configuration has no control character",
    removals: [always("texts-without-control-characters")],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
  {
    threat: "F",
    defence: "an argument that is not UTF-8 is refused",
    removals: [never("arguments-are-utf-8")],
    test: INPUT,
    names: "^octets that are not UTF-8 are refused in every argument",
  },
  {
    threat: "F",
    defence: "an address in a header that is not UTF-8 is refused",
    removals: [never("addresses-are-utf-8")],
    test: `${SENDMAIL}/address-list.test.ts`,
    names: "^what could be read as other addresses",
  },
  {
    threat: "F",
    defence: "a program, a file or a list is nobody's name",
    removals: [never("name-is-a-users-name"), always("words-are-names-or-addresses")],
    test: INPUT,
    names: "^a program, a file or an include list",
  },
  {
    threat: "F",
    defence: "an encoded word is part of no address",
    removals: [never("no-encoded-word-in-a-list")],
    test: `${SENDMAIL}/address-list.test.ts`,
    names: "^what could be read as other addresses",
  },
  {
    threat: "E",
    defence: "a passwordeval that holds the password is not copied into the configuration",
    removals: [never("no-secret-of-a-program-is-copied")],
    test: IMPORT,
    names: "^a misplaced password .*bin/echo",
  },
  {
    threat: "E",
    defence: "words after a setting of msmtp are not copied into the configuration",
    removals: [always("no-further-words-are-copied")],
    test: IMPORT,
    names: "^a misplaced password .*user u password",
  },
  {
    threat: "E",
    defence: "the host of imported settings is nothing but a host",
    removals: [never("host-is-a-host")],
    test: IMPORT,
    names: "^a misplaced password .*host.*smtp://",
  },
  {
    threat: "E",
    defence: "the host among a program's variables is nothing but a host",
    removals: [never("host-of-settings-is-a-host")],
    test: SECRECY,
    names: "^a password that was pasted into another place .*(laravel|n8n)",
  },
  {
    threat: "E",
    defence: "the user among a program's variables is one word",
    removals: [always("no-further-words-of-a-user")],
    test: SECRECY,
    names: "^a password that was pasted into another place .*laravel",
  },
  {
    threat: "A10",
    defence: "JSON from the command holds nothing that a terminal would obey",
    removals: [unwrap("json-is-safe", 1)],
    test: OUTPUT,
    names: "^EHLO keywords",
  },
  {
    threat: "A10",
    defence: "a line from the command holds nothing that a terminal would obey",
    removals: [unwrap("lines-are-safe")],
    test: OUTPUT,
    names: "^EHLO keywords",
  },
  {
    threat: "A10",
    defence: "a page from the command holds nothing that a terminal would obey",
    removals: [unwrap("pages-are-safe", 1), unwrap("toml-is-safe")],
    test: OUTPUT,
    names: "^an imported file",
  },
  {
    threat: "F",
    defence: "a mode of sendmail is looked up in a map, not in an object with a prototype",
    removals: [value("modes-have-no-prototype", "Object.fromEntries($object)[$1]")],
    test: `${SENDMAIL}/words.test.ts`,
    names: "^what this cannot do",
  },
  {
    threat: "F",
    defence: "a password in a variable has no control character",
    removals: [value("password-without-control-characters", "undefined")],
    test: INPUT,
    names: "^a user or a password with a control character",
  },
  {
    threat: "F",
    defence: "an outbox is one that nobody else could have put there or changed",
    removals: [remove("outbox-of-ones-own"), remove("folder-of-ones-own")],
    test: OUTBOX,
    names: "^an outbox that another user",
  },
  {
    threat: "A10",
    defence: "a message that is exported to a terminal holds nothing that the terminal would obey",
    removals: [never("octets-are-safe")],
    test: "packages/cli/src/output.test.ts",
    names: "^octets on a terminal",
  },
];
