/** The defences against other users of the same machine. */
import type { Defence } from "./defence.ts";

const FOLDER = "packages/lab/src/isolation/private-folder.test.ts";

export const machineDefences: readonly Defence[] = [
  {
    threat: "I",
    defence: "no compiled code is taken from a shared folder",
    edits: [
      [
        "packages/cli/bin/postseal.js",
        'void import("../bundle/main.js");',
        'process.getBuiltinModule("node:module").enableCompileCache(); void import("../bundle/main.js");',
      ],
    ],
    test: "test/cli/planted-cache.test.ts",
    names: "^what another user compiled",
  },
  {
    threat: "I",
    defence: "a private folder is not made where others can write",
    edits: [["packages/lab/src/isolation/private-folder.ts", "const isOpen = (", "const isOpen = 0 > ("]],
    test: FOLDER,
    names: "^it is made below",
  },
  {
    threat: "I",
    defence: "a private folder is not made in another user's",
    edits: [
      ["packages/lab/src/isolation/private-folder.ts", "const isForeign = uid !== 0", "const isForeign = uid < 0"],
    ],
    test: FOLDER,
    names: "^a folder of another user's",
  },
];
