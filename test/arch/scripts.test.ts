/** Every test file is run by one of the scripts of package.json: a file that no script runs cannot fail. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

const SCRIPTS = ["test:shared", "test:processes", "test:exhaustive", "test:lab", "test:interop", "test:chaos"];

test("every test file is run by exactly one script", () => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  assert.ok(typeof manifest === "object" && manifest !== null && "scripts" in manifest);
  const runs = SCRIPTS.flatMap((name) => {
    const script: unknown = Reflect.get(Object(manifest.scripts), name);
    assert.ok(typeof script === "string", name);
    const patterns = [...script.matchAll(/"([^"]+\.test\.ts)"/g)].map(([, pattern = ""]) => pattern);
    return patterns.flatMap((pattern) => globSync(pattern));
  });
  const files = globSync("{packages,test,bench}/**/*.test.ts", { exclude: (name) => /node_modules|dist/.test(name) });
  assert.ok(files.length > 130, `saw ${files.length} test files`);
  assert.deepEqual(runs.toSorted(), files.toSorted());
});
