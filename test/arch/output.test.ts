/** Only packages/cli/src/output.ts writes to standard output and standard error, so that nothing hostile gets past it. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const sources = globSync("packages/cli/src/**/*.ts")
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts"));
/** The streams by any name, and `process` as a whole, which holds them. */
const WRITERS = /\bstdout\b|\bstderr\b|\bconsole\.|node:process|[=(,] ?process[,;)\s]|\/dev\/(?:tty|std)/;
const ALLOWED: ReadonlySet<string> = new Set([
  "packages/cli/src/output.ts",
  // The user's own password program writes to the user's terminal: gpg and pass ask their questions there.
  "packages/cli/src/account/secret-program.ts",
]);

function codeOf(file: string): string {
  return readFileSync(file, "utf8")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/^ *\/\/.*$/gm, "");
}

test("only output.ts, and the password program in secret-program.ts, write to the terminal", () => {
  assert.ok(sources.length > 90, `saw ${sources.length} files`);
  const writing = sources.filter((file) => WRITERS.test(codeOf(file)));
  assert.deepEqual(new Set(writing), ALLOWED);
});

test("only the dialogue uses the terminal itself", () => {
  const using = sources.filter((file) =>
    /\bimport \{[^}]*\bterminal\b[^}]*\} from "[./]*output\.ts"/.test(codeOf(file)),
  );
  assert.deepEqual(using, ["packages/cli/src/setup/dialogue.ts"]);
});
