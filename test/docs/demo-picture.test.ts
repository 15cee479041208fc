/** docs/demo.svg, the README's picture, shows what the demo prints. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("the README's picture shows what `npm run demo` prints", () => {
  const words = ["--conditions=@postseal/source", "scripts/draw-demo.ts", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
