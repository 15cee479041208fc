import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { register } from "../register.ts";
import { pagesOf } from "./commands.ts";
import { withExitTables } from "./guides.ts";

const folder = new URL("../../../../docs/guide/", import.meta.url);

test("the guides have the exit codes that `npm run docs:exits` writes", async () => {
  const pages = await pagesOf(register);
  const guides = globSync("*.md", { cwd: folder }).map((file) => readFileSync(new URL(file, folder), "utf8"));
  for (const guide of guides) assert.equal(guide, withExitTables(guide, pages));
  assert.equal(guides.filter((guide) => guide.includes("<!-- exits of ")).length, 3);
});

test("a marker for a subcommand that does not exist fails", () => {
  const guide = "<!-- exits of postseal gone: npm run docs:exits -->\n<!-- /exits -->";
  assert.throws(() => withExitTables(guide, []), /there are no exit codes of postseal gone/);
});
