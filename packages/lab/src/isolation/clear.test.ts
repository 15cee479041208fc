import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clear } from "./clear.ts";
import { makePrivateFolder } from "./private-folder.ts";

test(
  "read-only folders are removed too, and what links lead to is not",
  { skip: process.platform === "win32" },
  async () => {
    const [folder, other] = [makePrivateFolder("clear"), makePrivateFolder("clear")];
    const below = path.join(folder, "go", "pkg");
    mkdirSync(below, { recursive: true });
    writeFileSync(path.join(below, "mod"), "");
    symlinkSync(other, path.join(below, "link"));
    chmodSync(below, 0o500);
    chmodSync(path.dirname(below), 0o500);
    assert.equal(await clear(folder), true);
    assert.ok(!existsSync(folder));
    assert.ok(existsSync(other));
    assert.equal(await clear(other), true);
  },
);

const mount = spawnSync("unshare", ["--mount", "true"]).status === 0 ? false : "no mount namespace here";
test("what cannot be removed is no error", { skip: mount }, async () => {
  const folder = makePrivateFolder("clear");
  const module = new URL(`./clear${path.extname(import.meta.url)}`, import.meta.url).href;
  const program = `const { clear } = await import(${JSON.stringify(module)}); console.log(await clear(${JSON.stringify(folder)}));`;
  const script = 'mount -t tmpfs tmpfs "$1" && exec "$2" --input-type=module -e "$3"';
  const words = ["--mount", "sh", "-c", script, "sh", folder, process.execPath, program];
  assert.equal(spawnSync("unshare", words, { encoding: "utf8" }).stdout, "false\n");
  assert.equal(await clear(folder), true);
});
