/** No phrase that CONTRIBUTING.md advises against comes back to a part of the project that is rid of it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("what scripts/count-wording.ts covers has none of the phrases that it looks for", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/count-wording.ts", "--covered"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
