/** The defences against a server that reads a chunk as commands. */
import type { Defence } from "./defence.ts";

const UNREAD = "test/attack/unread-chunk.test.ts";
const FRAMING = "packages/mailer/src/protocol/framing.test.ts";
const COMMAND_LIKE = "packages/mailer/src/message/command-like.test.ts";

export const chunkDefences: readonly Defence[] = [
  {
    threat: "G",
    defence: "what may hold a command does not go as a chunk",
    edits: [["protocol/plan.ts", "content.size !== undefined && content.commandFree", "content.size !== undefined"]],
    test: UNREAD,
    names: "a ready-made text$|a folded Subject|an embedded message$",
  },
  {
    threat: "G",
    defence: "a composed text with a command-like line is encoded",
    edits: [["message/text-part.ts", "stays &&= !isCommandLike(text, start, hasCr ? cr : lf);", ""]],
    test: UNREAD,
    names: "a text at column 0|a text after blanks",
  },
  {
    threat: "G",
    defence: "quoted-printable escapes what begins a command where a line of the text begins",
    edits: [
      [
        "message/quoted-printable.ts",
        "opening = openingAt(text, index + 1, index + 1 + LONGEST_LINE);",
        "opening = -1;",
      ],
    ],
    test: UNREAD,
    names: "a text at column 0",
  },
  {
    threat: "G",
    defence: "quoted-printable escapes what begins a command behind a soft line break",
    edits: [["message/quoted-printable.ts", "opening = openingAt(text, index, index + LONGEST_LINE);", ""]],
    test: UNREAD,
    names: "a soft line break",
  },
  {
    threat: "G",
    defence: "a soft line break that cuts a word makes no command of it",
    edits: [
      [
        "message/command-like.ts",
        "return endOfOpening(text, at, end) === -1 ? -1 : at;",
        "return commandAt(text, at, end) ? at : -1;",
      ],
    ],
    test: COMMAND_LIKE,
    names: "^quoted-printable",
  },
  {
    threat: "G",
    defence: "a line that a server's buffer may cut does not go as a chunk",
    edits: [["message/command-like.ts", "export const LONGEST_COMMAND = 510;", "export const LONGEST_COMMAND = 998;"]],
    test: UNREAD,
    names: "at octet 51",
  },
  {
    threat: "G",
    defence: "a composed text with other line ends than CR and LF is encoded",
    edits: [["message/text-part.ts", "isAscii(normal) && !hasOtherEnd(normal, true)", "isAscii(normal)"]],
    test: UNREAD,
    names: "a text, after U",
  },
  {
    threat: "G",
    defence: "lines of a ready-made message that begin behind other line ends are looked at",
    edits: [["message/line-judge.ts", "this.#hasOtherEnd = hasOtherEnd(text, ascii);", ""]],
    test: UNREAD,
    names: "a ready-made text, after",
  },
  {
    threat: "G",
    defence: "lines that come in several windows or reads are put together before they are looked at",
    edits: [
      [
        "message/line-judge.ts",
        "if (this.#inHeader || this.#column > 0 || this.#hasOtherEnd)",
        "if (this.#inHeader || this.#hasOtherEnd)",
      ],
    ],
    test: UNREAD,
    names: "over two reads",
  },
  {
    threat: "G",
    defence: "no line of base64 begins with a word that could be a command",
    edits: [["message/base64.ts", "if (mayBeginWord(characters, start)) {", "if (start < 0) {"]],
    test: UNREAD,
    names: "base64",
  },
  {
    threat: "G",
    defence: "fields and what else is written between parts is looked at",
    edits: [["message/composed-content.ts", "commandFree &&= !hasCommandLike(", "commandFree ||= hasCommandLike("]],
    test: UNREAD,
    names: "a folded Subject|the name of a header field",
  },
  {
    threat: "G",
    defence: "an embedded message with a command-like line does not go as a chunk",
    edits: [["message/attachment.ts", "commandFree: !lines.commandLike }", "commandFree: true }"]],
    test: UNREAD,
    names: "an embedded message",
  },
  {
    threat: "G",
    defence: "MAIL and FROM may stand far apart, with what is no letter between",
    edits: [["message/command-like.ts", "(?:mail|send|soml|saml)[^a-z\\r\\n]*from", "(?:mail|send|soml|saml) from"]],
    test: FRAMING,
    names: "",
  },
  {
    threat: "F",
    defence: "octets that hold a command when they are read again stop before that goes out",
    edits: [
      [
        "message/ready-message.ts",
        "if (expected?.commandFree === true && !judge.findings.commandFree) throw changed();",
        "",
      ],
    ],
    test: "packages/mailer/src/message/ready-message.test.ts",
    names: "^a command that comes into",
  },
];
