/** The commands of docs/guide/lab.md work as a reader would type them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { text } from "node:stream/consumers";
import { outcomes, makePrivateFolder } from "@postseal/lab";
import { command } from "../cli/command.ts";

const guide = readFileSync("docs/guide/lab.md", "utf8");
const folder = makePrivateFolder("guide");
after(() => rmSync(folder, { recursive: true }));

/** Runs a line in a shell in the project's root, where `postseal` is the command under test. */
async function type(line: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const words = [process.execPath, ...command].map((word) => `'${word}'`).join(" ");
  const script = line
    .replace(/(?:sudo )?(?:npx --yes )?postseal/, words)
    .replaceAll("lab.xml", path.join(folder, "lab.xml"));
  assert.notEqual(script, line);
  const child = spawn("bash", ["-c", script]);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, "exit");
  return { code: child.exitCode, output: (await output).join("") };
}

function commandWith(words: string): string {
  const found = [...guide.matchAll(/^ *(?:sudo )?(?:npx --yes )?postseal lab (?:.*\\\n)*.*/gm)].find(([line]) =>
    line.includes(words),
  );
  assert.ok(found !== undefined, `the guide has no command with ${words}`);
  return found[0];
}

test("the client of the examples holds against the vectors that the guide begins with", async () => {
  const { code, output } = await type(commandWith("'^[ACDH]' -- \\"));
  assert.equal(code, 0, output);
  assert.match(output, /No failures/);
});

test("the step for CI leaves a JUnit report with a test for each vector", async () => {
  const { code, output } = await type(commandWith("--format junit").replaceAll("'^[ACDH]'", "'^(H-starttls|A1-)'"));
  assert.equal(code, 0, output);
  assert.equal(readFileSync(path.join(folder, "lab.xml"), "utf8").match(/<testcase /g)?.length, 4);
});

test("curl --ssl-reqd, as in the guide and the help, does not leak if STARTTLS is stripped", async (t) => {
  const { code, output } = await type(commandWith("curl").replace("lab run", "lab run --vector '^A1-'"));
  if (output.includes("ENOENT")) return t.skip("curl is not installed");
  assert.equal(code, 0, output);
});

test("the guide's table has every outcome, with its exit code", () => {
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` +\|.*\| (\d) +\|$/gm)].map(([, outcome]) => outcome);
  assert.deepEqual(rows, [...outcomes]);
});
