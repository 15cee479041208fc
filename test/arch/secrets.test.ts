/** scripts/watch-secrets.ts, under which `npm test` runs, sees a secret in any form, even if two writes split it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canaries } from "@postseal/lab";

function watched(program: string): { readonly status: number | null; readonly stderr: string } {
  const words = ["--conditions=@postseal/source", "scripts/watch-secrets.ts", process.execPath, "-e", program];
  // The child's output is not printed here, since this test runs under the same watch.
  return spawnSync(process.execPath, [...words, canaries.password], { encoding: "utf8" });
}

/** Passed as an argument, so that the program's text does not hold it. */
const SECRET = "process.argv[1]";
const ways: Readonly<Record<string, string>> = {
  "as it is": `console.log("password " + ${SECRET})`,
  "in base64": `console.error(Buffer.from("\\0wren\\0" + ${SECRET}).toString("base64"))`,
  "in hexadecimal": `console.log(Buffer.from(${SECRET}).toString("hex"))`,
  backwards: `console.log([...${SECRET}].reverse().join(""))`,
};
for (const [form, program] of Object.entries(ways)) {
  test(`a secret that is printed ${form} is an error`, () => {
    const { status, stderr } = watched(program);
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`A secret was printed, ${form}\\.`));
  });
}

test("a secret that two writes split is seen", () => {
  // The pause keeps the two writes from being read as one.
  const program = `process.stdout.write(${SECRET}.slice(0, 5), () => setTimeout(() => process.stdout.write(${SECRET}.slice(5)), 50))`;
  assert.equal(watched(program).status, 1);
});

test("without a secret the exit code is the command's", () => {
  assert.equal(watched("process.exitCode = 3").status, 3);
  assert.equal(watched("console.log('nothing')").status, 0);
});

test("of commands that run side by side, all output is passed on, and one that fails is an error", () => {
  const run = (...commands: readonly string[]) =>
    spawnSync(process.execPath, ["scripts/side-by-side.ts", ...commands], { encoding: "utf8" });
  for (const commands of [
    ["echo one", "echo two >&2; exit 3"],
    ["echo one; exit 3", "echo two"],
  ]) {
    const { status, stdout, stderr } = run(...commands);
    assert.deepEqual([status, stdout], [1, "one\ntwo\n"]);
    assert.match(stderr, /^Failed: echo .*; exit 3$/m);
  }
  const { status, stdout, stderr } = run("echo one", "echo two");
  assert.deepEqual([status, stdout, stderr], [0, "one\ntwo\n", ""]);
});

test("npm test, and in CI the tests of interop and of the lab, run under this watch", () => {
  const manifest = readFileSync("package.json", "utf8");
  assert.match(manifest, /"test": "npm run watched -- npm run test:both"/);
  assert.match(
    manifest,
    /"test:both": "node scripts\/side-by-side\.ts .*\bnpm run test:processes\b.*\bnpm run test:shared\b/,
  );
  for (const script of ["test:interop", "test:lab"])
    assert.ok(readFileSync(".ci/run", "utf8").includes(`npm run watched -- npm run ${script}`), script);
});
