/** The launcher refuses a version of Node that cannot keep the policy, and names one that can. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { launcher } from "./command.ts";

function launchOn(version: string): { readonly status: number | null; readonly stderr: string } {
  const versions = `{ value: { ...process.versions, node: ${JSON.stringify(version)} } }`;
  const guise = `data:text/javascript,Object.defineProperty(process, "versions", ${versions})`;
  return spawnSync(process.execPath, ["--import", guise, launcher, "--version"], { encoding: "utf8" });
}

for (const version of ["20.20.2", "22.19.0", "23.11.1", "24.4.1"]) {
  test(`Node ${version} is refused`, () => {
    const { status, stderr } = launchOn(version);
    assert.equal(status, 78);
    assert.match(stderr, /needs Node 22\.20 or newer in the 22 line, or 24\.5 or newer/);
  });
}

for (const version of ["22.20.0", "24.5.0", "26.0.0"]) {
  test(`Node ${version} is accepted`, () => {
    assert.equal(launchOn(version).status, 0);
  });
}
