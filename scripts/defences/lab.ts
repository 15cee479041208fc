/** The defences of the lab: against other users of the machine, and against what clients and servers say in it. */
import { always, type Defence, instead, never, receiver, remove, swap, value } from "./defence.ts";

const TRIAL = "test/lab/trial.test.ts";
const ISOLATION = "test/lab/isolation.test.ts";
const FOLDER = "packages/lab/src/isolation/private-folder.test.ts";
const REDACTION = "packages/lab/src/interceptor/redaction.test.ts";
const MARKDOWN = "packages/lab/src/report/markdown.test.ts";
const HTML = "packages/lab/src/report/html.test.ts";

export const labDefences: readonly Defence[] = [
  {
    threat: "I",
    defence: "a private folder is not made where others can write",
    removals: [never("folder-is-closed-to-others")],
    test: FOLDER,
    names: "^it is made below",
  },
  {
    threat: "I",
    defence: "a private folder is not made in another user's",
    removals: [never("folder-is-nobody-elses")],
    test: FOLDER,
    names: "^a folder of another user's",
  },
  {
    threat: "I",
    defence: "a server of the lab or of a test is reached from this machine alone",
    removals: [swap("loopback-alone", ['"127.0.0.1"', '"0.0.0.0"'])],
    test: "test/testing/strict.test.ts",
    names: "^it is reached by loopback",
  },
  {
    threat: "E",
    defence: "of what the interceptor does not know it shows a count alone",
    removals: [never("unknown-words-are-counted")],
    test: REDACTION,
    names: "^only ",
  },
  {
    threat: "E",
    defence: "a password in the place of a mechanism is not shown by the interceptor",
    removals: [always("no-password-as-a-mechanism")],
    test: REDACTION,
    names: "^only ",
  },
  {
    threat: "A10",
    defence: "the lab prints nothing of a client or a server that a terminal would obey",
    removals: [receiver("nothing-that-a-terminal-obeys")],
    test: "packages/lab/src/report/table.test.ts",
    names: "^whatever a client, a server or a report says",
  },
  {
    threat: "A10",
    defence: "a report as JSON steers neither a terminal nor a parser of HTML",
    removals: [receiver("json-steers-nothing")],
    test: "packages/lab/src/report/json.test.ts",
    names: "^the JSON is one line of ASCII",
  },
  {
    threat: "A10",
    defence: "nothing that a client or a server said is markup in a report",
    removals: [receiver("reports-hold-no-markup")],
    test: HTML,
    names: "nothing from the report becomes markup",
  },
  {
    threat: "A10",
    defence: "what clients and servers say is no markup in a summary",
    removals: [receiver("markdown-holds-no-markup")],
    test: MARKDOWN,
    names: "stays text in one cell",
  },
  {
    threat: "A10",
    defence: "the page of a report fetches nothing",
    removals: [remove("page-fetches-nothing")],
    test: HTML,
    names: "its policy",
  },
  {
    threat: "G",
    defence: "what a report keeps of a connection has a limit",
    removals: [value("records-have-a-limit", "Infinity")],
    test: "packages/lab/src/report/record.test.ts",
    names: "a piece is cut",
  },
  {
    threat: "-",
    defence: "a client in the lab finds no name but the lab's",
    removals: [always("resolver-knows-the-lab-alone")],
    test: "packages/lab/src/isolation/sandbox.test.ts",
    names: "^the resolver answers",
  },
  {
    threat: "-",
    defence: "what a client is judged by occurs nowhere else",
    removals: [instead("canaries-are-random", '$name: "wren"')],
    test: TRIAL,
    names: "^each trial has words of its own",
  },
  {
    threat: "-",
    defence: "a client cannot change the message and the authority of its trial",
    removals: [swap("files-of-a-trial-are-read-only", ['mount -o remount,bind,ro "$folder"', "true"])],
    test: ISOLATION,
    names: "can change none of the lab's files",
  },
  {
    threat: "-",
    defence: "a client cannot change the programs that judge it",
    removals: [remove("the-judge-is-read-only")],
    test: ISOLATION,
    names: "can change none of the lab's files",
  },
  {
    threat: "-",
    defence: "a client that root starts has few of root's rights",
    removals: [value("clients-have-few-rights", "[]")],
    test: ISOLATION,
    names: "cannot change its network",
  },
  {
    threat: "-",
    defence: "without namespaces too, what a client leaves running ends",
    removals: [remove("what-leaves-its-group-ends")],
    test: ISOLATION,
    names: "^on loopback a client leaves no process",
  },
];
