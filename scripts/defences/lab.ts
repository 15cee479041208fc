/** The defences of the lab and of the test server: against other users of the machine, and that nothing of them gets out. */
import { type Defence, never } from "./defence.ts";

const FOLDER = "packages/lab/src/isolation/private-folder.test.ts";

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
];
