import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { makePrivateFolder } from "./private-folder.ts";

const windows = process.platform === "win32";
const onlyRoot = process.getuid?.() === 0 ? false : "only root can give a folder away";
const folder = makePrivateFolder("private-folder");
after(() => rmSync(folder, { recursive: true }));

function within(name: string, mode: number): string {
  const made = path.join(folder, name);
  mkdirSync(made, { recursive: true });
  chmodSync(made, mode);
  return made;
}

/** Makes a folder in a new process with this TMPDIR. Returns its path, or the error's message. */
function madeIn(parent: string): string {
  const module = JSON.stringify(new URL(`./private-folder${path.extname(import.meta.url)}`, import.meta.url).href);
  const program = `const { makePrivateFolder } = await import(${module});
    try { console.log(makePrivateFolder("x")); } catch (error) { console.log(error.code, error.message); }`;
  const words = ["--input-type=module", "-e", program];
  return spawnSync(process.execPath, words, { env: { TMPDIR: parent }, encoding: "utf8" }).stdout.trim();
}

test("nobody else can enter a private folder", { skip: windows }, () => {
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(folder).uid, process.getuid?.());
});

test("it is made below a folder that others can write only if that folder is sticky", { skip: windows }, () => {
  assert.ok(madeIn(within("sticky", 0o1777)).startsWith(path.join(folder, "sticky", "postseal-x-")));
  const open = within("open", 0o777);
  assert.equal(
    madeIn(open),
    `LAB_FOLDER ${open} can be written by other users, who could replace temporary files there. Set TMPDIR to a folder of your own`,
  );
  assert.match(madeIn(within("open/below", 0o700)), /^LAB_FOLDER .*\/open can be written/);
  assert.match(madeIn(within("group", 0o770)), /^LAB_FOLDER .*\/group can be written/);
});

test("a link to the folder for temporary files is followed, and judged where it ends", { skip: windows }, () => {
  symlinkSync(within("sound", 0o700), path.join(folder, "to-sound"));
  symlinkSync(within("unsound", 0o777), path.join(folder, "to-unsound"));
  assert.ok(madeIn(path.join(folder, "to-sound")).startsWith(path.join(folder, "sound", "postseal-x-")));
  assert.match(madeIn(path.join(folder, "to-unsound")), /^LAB_FOLDER .*\/unsound can be written/);
});

test("a folder of another user's, or one below it, is refused for root's files", { skip: onlyRoot }, () => {
  const theirs = within("theirs", 0o755);
  chownSync(theirs, 65_534, 65_534);
  assert.match(madeIn(theirs), /^LAB_FOLDER .*\/theirs belongs to another user/);
  assert.match(madeIn(within("theirs/ours", 0o700)), /^LAB_FOLDER .*\/theirs belongs to another user/);
});

test("the error for a missing temporary folder names it", () => {
  const none = path.join(folder, "none");
  assert.match(madeIn(none), /^LAB_FOLDER there is no folder .*none for temporary files\. Set TMPDIR/);
});
