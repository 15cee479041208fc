/** The defences against other users of the same machine. */
import type { Defence } from "./defence.ts";

const FOLDER = "packages/lab/src/isolation/private-folder.test.ts";

const TRUST = "packages/cli/src/trusted-file.test.ts";
const COMMAND = "test/cli/trust.test.ts";
const PATH = "packages/cli/src/trusted-path.ts";
const FILE = "packages/cli/src/trusted-file.ts";

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
  {
    threat: "I",
    defence: "a link in a folder of another user's is not followed",
    edits: [[PATH, "if (await isForeign(status.uid)) {", "if (status.uid < 0) {"]],
    test: TRUST,
    names: "^a link that flips",
  },
  {
    threat: "I",
    defence: "each folder on the way to a trusted file is judged",
    edits: [[PATH, 'fault ??= await faultOf(next, status, "folder");', ""]],
    test: TRUST,
    names: "^a file in a folder",
  },
  {
    threat: "I",
    defence: "a link on the way to a trusted file is judged",
    edits: [[PATH, 'fault ??= await faultOf(next, status, "link");', ""]],
    test: TRUST,
    names: "^a file, a link, a folder",
  },
  {
    threat: "I",
    defence: "a file that others can write is not believed",
    edits: [
      [PATH, 'fault ??= await faultOf(next, status, "file");', ""],
      [FILE, "if (fault !== undefined) throw fault;", ""],
    ],
    test: COMMAND,
    names: "^config check reports",
  },
  {
    threat: "I",
    defence: "what was judged is what is read",
    edits: [[FILE, "status.dev !== place.status.dev || status.ino !== place.status.ino", "status.ino < 0"]],
    test: TRUST,
    names: "^a file that was exchanged",
  },
  {
    threat: "I",
    defence: "the program of a password command is judged",
    edits: [["packages/cli/src/account/program.ts", "    await placeOf(file);\n", ""]],
    test: COMMAND,
    names: "^config check reports",
  },
  {
    threat: "I",
    defence: "a new password goes only where nobody can exchange it",
    edits: [["packages/cli/src/account/addition.ts", "  await assertTrusted(folder);\n", ""]],
    test: COMMAND,
    names: "^account add writes",
  },
  {
    threat: "E",
    defence: "no secret passes through a stream that NODE_DEBUG prints",
    edits: [["packages/cli/src/account/secret.ts", "  assertNotTraced(`what ${name} says`);\n", ""]],
    test: COMMAND,
    names: "^NODE_DEBUG never",
  },
  {
    threat: "E",
    defence: "nothing hidden is asked while NODE_DEBUG prints what is typed",
    edits: [["packages/cli/src/setup/dialogue.ts", '    assertNotTraced("what is typed");\n', ""]],
    test: "packages/cli/src/traced-streams.test.ts",
    names: "^nothing hidden",
  },
];
