/** Phrases that CONTRIBUTING.md advises against do not come back to parts of the project that have none. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("the files that scripts/count-wording.ts covers have none of its phrases", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/count-wording.ts", "--covered"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
