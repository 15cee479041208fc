/** The screens of docs/guide/in-the-terminal.md are what a user sees: they are recorded again in tmux. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const works = (program: string, ...words: readonly string[]): boolean => spawnSync(program, words).status === 0;
const canRecord =
  process.platform === "linux" &&
  works("tmux", "-V") &&
  works("unshare", "--net", "--mount", "--pid", "--fork", "ip", "link", "set", "lo", "up");

test("docs/guide/in-the-terminal.md shows what `npm run docs:screens` records", { skip: !canRecord }, () => {
  const words = ["--conditions=@postseal/source", "scripts/screens/record.ts", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    timeout: 120_000,
    killSignal: "SIGKILL",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
