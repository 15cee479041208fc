/** The defences against a server that reads a chunk as commands. */
import { type Defence, always, never, remove, swap, value, without } from "./defence.ts";

const UNREAD = "test/attack/unread-chunk.test.ts";
const FRAMING = "packages/mailer/src/protocol/framing.test.ts";
const COMMAND_LIKE = "packages/mailer/src/message/command-like.test.ts";

export const chunkDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "what may hold a command does not go as a chunk",
    removals: [without("chunk-without-commands", 4)],
    test: UNREAD,
    names: "a ready-made text$|a folded Subject|an embedded message$",
  },
  {
    threat: "G",
    defence: "a composed text with a command-like line is encoded",
    removals: [remove("command-like-text-is-encoded")],
    test: UNREAD,
    names: "a text at column 0|a text after blanks",
  },
  {
    threat: "G",
    defence: "quoted-printable escapes what begins a command where a line of the text begins",
    removals: [value("command-at-a-line-is-escaped", "-1")],
    test: UNREAD,
    names: "a text at column 0",
  },
  {
    threat: "G",
    defence: "quoted-printable escapes what begins a command after a soft line break",
    removals: [remove("command-after-a-soft-break-is-escaped")],
    test: UNREAD,
    names: "a soft line break",
  },
  {
    threat: "G",
    defence: "a soft line break that cuts a word makes no command of it",
    removals: [
      swap(
        "soft-break-makes-no-command",
        ["return ", "return ((after) => after === -1 || /[a-z\\d]/i.test($given.charAt(after)))("],
        [" === -1 ?", ") ?"],
      ),
    ],
    test: COMMAND_LIKE,
    names: "^quoted-printable",
  },
  {
    threat: "G",
    defence: "a line that a server's buffer may cut does not go as a chunk",
    removals: [value("no-line-that-a-buffer-cuts", "998")],
    test: UNREAD,
    names: "at octet 51",
  },
  {
    threat: "G",
    defence: "a composed text with other line ends than CR and LF is encoded",
    removals: [without("text-with-other-line-ends-is-encoded", 3)],
    test: UNREAD,
    names: "a text, after U",
  },
  {
    threat: "G",
    defence: "lines of a ready-made message that begin after other line ends are looked at",
    removals: [remove("other-line-ends-count")],
    test: UNREAD,
    names: "a ready-made text, after",
  },
  {
    threat: "G",
    defence: "lines that come in several windows or reads are put together before they are looked at",
    removals: [without("lines-over-several-reads", 2)],
    test: UNREAD,
    names: "over two reads",
  },
  {
    threat: "G",
    defence: "no line of base64 begins with a word that could be a command",
    removals: [never("no-word-in-base64")],
    test: UNREAD,
    names: "base64",
  },
  {
    threat: "G",
    defence: "fields and what else is written between parts is looked at",
    removals: [remove("fields-without-commands")],
    test: UNREAD,
    names: "a folded Subject|the name of a header field",
  },
  {
    threat: "G",
    defence: "an embedded message with a command-like line does not go as a chunk",
    removals: [always("embedded-message-without-commands")],
    test: UNREAD,
    names: "an embedded message",
  },
  {
    threat: "G",
    defence: "MAIL and FROM may stand far apart, with what is no letter between",
    removals: [swap("mail-and-from-far-apart", ["[^a-z\\r\\n]*", " "])],
    test: FRAMING,
    names: "",
  },
  {
    threat: "F",
    defence: "octets that hold a command when they are read again stop before that goes out",
    removals: [never("changed-octets-stop")],
    test: "packages/mailer/src/message/ready-message.test.ts",
    names: "^a command that comes into",
  },
  {
    threat: "F",
    defence: "an attached message that holds a command when it is read again stops before that goes out",
    removals: [never("changed-embedded-message-stops")],
    test: "packages/mailer/src/message/attachment.test.ts",
    names: "^a command, or an octet over 127, that comes into",
  },
];
