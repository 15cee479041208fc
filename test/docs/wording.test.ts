/** Phrases that CONTRIBUTING.md advises against do not come back. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("no file has a phrase that scripts/count-wording.ts counts", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/count-wording.ts", "--quiet"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
