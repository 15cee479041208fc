/** The command reads files in one place, which checks them: a user who can change one chooses where passwords go. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** What each file of the command imports from node:fs, and why it does not use the trusted file. */
const uses: Readonly<Record<string, readonly string[]>> = {
  "trusted-file.ts": ["constants", "open"],
  "trusted-path.ts": ["lstat", "readFile", "readlink", "stat"],
  // Looks for a program; trusted-path.ts then judges its place.
  "account/program.ts": ["access", "constants", "stat"],
  // Writes, and opens only files that it creates.
  "account/addition.ts": ["mkdir", "open", "rename", "rm"],
  // Makes the default folder; the place of the file is judged before the outbox opens it.
  "outbox/outbox-file.ts": ["mkdir"],
  // Reads what somebody else wrote, and trusts nothing in it.
  "import/import.ts": ["open"],
  // Reads the text of a message, as the library reads attachments: it chooses nothing.
  "mail/text.ts": ["readFile", "stat"],
  // The command's own manifest.
  "version.ts": ["readFileSync"],
  "lab/stand.ts": ["rm", "writeFile"],
  "lab/trials.ts": ["writeFile"],
  // Appends, and judges the folder and the file that it opened.
  "sendmail/log-file.ts": ["constants", "open"],
};

const root = "packages/cli/src/";
const sources = globSync(`${root}**/*.ts`)
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts"));

test("no other file of the command opens a file", () => {
  assert.ok(sources.length >= 85, `saw ${sources.length} files`);
  const found = sources.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /(?:import\s*\(|getBuiltinModule\()\s*["'](?:node:)?fs\b/, file);
    assert.doesNotMatch(text, /import \* as \w+ from "(?:node:)?fs/, file);
    const names = [...text.matchAll(/import \{([^}]*)\} from "(?:node:)?fs(?:\/promises)?";/g)]
      .flatMap(([, list = ""]) => list.split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    return names.length === 0 ? [] : [[file.slice(root.length), names.toSorted()] as const];
  });
  assert.deepEqual(Object.fromEntries(found), uses);
});
