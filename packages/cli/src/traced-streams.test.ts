import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

/** Asks for something hidden on standard input, in a process of its own. */
function askUnder(sections: string): string {
  const module = JSON.stringify(new URL(`./setup/dialogue${path.extname(import.meta.url)}`, import.meta.url).href);
  const program = `const { TerminalDialogue } = await import(${module});
    const dialogue = new TerminalDialogue(process.stdin, process.stdout);
    await dialogue.askHidden("Password").then(() => console.log("read"), (error) => console.log(error.message));`;
  const words = ["--input-type=module", "-e", program];
  return spawnSync(process.execPath, words, { env: { NODE_DEBUG: sections }, input: "typed\n", encoding: "utf8" })
    .stdout;
}

test("nothing hidden is read from a terminal while Node traces its streams", () => {
  assert.match(askUnder("stream"), /^NODE_DEBUG is set, so Node would print what is typed\. Unset it/);
  assert.match(askUnder("*"), /^NODE_DEBUG is set/);
  for (const sections of ["", "timer"]) assert.match(askUnder(sections), /read\n$/);
});
