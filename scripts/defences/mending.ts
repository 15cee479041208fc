/** The defences of mending, and of the log: what `postseal sendmail` must not turn a message into. */
import { type Defence, first, never, unwrap } from "./defence.ts";

const MEND = "packages/cli/src/sendmail/mend/mend.test.ts";
const PROPERTIES = "packages/cli/src/sendmail/mend/properties.test.ts";

export const mendingDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "a stray CR in a header is refused, so that it never makes a field",
    removals: [never("no-return-in-a-header")],
    test: PROPERTIES,
    names: "^no CR without LF is left",
  },
  {
    threat: "F",
    defence: "what is signed is not mended",
    removals: [never("signed-is-not-mended")],
    test: PROPERTIES,
    names: "^what is signed is not changed",
  },
  {
    threat: "F",
    defence: "no encoded word in a field with a format",
    removals: [never("no-encoded-word-in-a-format")],
    test: MEND,
    names: "^UTF-8 in names and comments",
  },
  {
    threat: "F",
    defence: "a list of addresses that is mended names the same",
    removals: [first("mended-list-names-the-same")],
    test: MEND,
    names: "^a list that would name others",
  },
  {
    threat: "A10",
    defence: "an entry of the log is one line of printable text",
    removals: [unwrap("one-line-in-the-log", 0)],
    test: "packages/cli/src/sendmail/log.test.ts",
    names: "^an entry is one line",
  },
  {
    threat: "F",
    defence: "the folder of the log is one that nobody else can change",
    removals: [unwrap("folder-of-the-log-is-judged")],
    test: "test/cli/sendmail-daemons.test.ts",
    names: "^a log that cannot be written",
  },
];
