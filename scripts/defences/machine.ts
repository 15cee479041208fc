/** The defences of the command against other users of the same machine. */
import { type Defence, instead, never, remove } from "./defence.ts";

const TRUST = "packages/cli/src/trusted-file.test.ts";
const COMMAND = "test/cli/trust.test.ts";

export const machineDefences: readonly Defence[] = [
  {
    threat: "I",
    defence: "no compiled code is taken from a shared folder",
    removals: [instead("no-compile-cache", 'process.getBuiltinModule("node:module").enableCompileCache(); $')],
    test: "test/cli/planted-cache.test.ts",
    names: "^no subcommand runs code",
  },
  {
    threat: "I",
    defence: "a link in a folder of another user's is not followed",
    removals: [never("nothing-of-another-users")],
    test: TRUST,
    names: "^a link that flips",
  },
  {
    threat: "I",
    defence: "each folder on the way to a trusted file is judged",
    removals: [remove("folders-are-judged")],
    test: TRUST,
    names: "^a file in a folder",
  },
  {
    threat: "I",
    defence: "a link on the way to a trusted file is judged",
    removals: [remove("links-are-judged")],
    test: TRUST,
    names: "^a file, a link, a folder",
  },
  {
    threat: "I",
    defence: "a file that others can write is not believed",
    removals: [remove("file-is-judged"), never("opened-file-is-judged")],
    test: COMMAND,
    names: "^config check reports",
  },
  {
    threat: "I",
    defence: "what was judged is what is read",
    removals: [never("opened-is-what-was-judged")],
    test: TRUST,
    names: "^a file that was exchanged",
  },
  {
    threat: "I",
    defence: "the program of a password command is judged",
    removals: [remove("program-is-judged")],
    test: COMMAND,
    names: "^config check reports",
  },
  {
    threat: "I",
    defence: "a new password goes only where nobody can exchange it",
    removals: [remove("place-of-a-password-is-judged")],
    test: COMMAND,
    names: "^account add writes",
  },
  {
    threat: "E",
    defence: "no secret passes through a stream that NODE_DEBUG prints",
    removals: [remove("no-secret-through-a-traced-stream")],
    test: COMMAND,
    names: "^NODE_DEBUG never",
  },
  {
    threat: "E",
    defence: "nothing hidden is asked while NODE_DEBUG prints what is typed",
    removals: [remove("nothing-typed-through-a-traced-stream")],
    test: "packages/cli/src/traced-streams.test.ts",
    names: "^nothing hidden",
  },
];
