/** The defences against other users of the same machine. */
import type { Defence } from "./defence.ts";

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
];
