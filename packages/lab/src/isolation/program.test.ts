import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { makePrivateFolder } from "./private-folder.ts";
import { findProgram } from "./program.ts";

const windows = process.platform === "win32";
const folder = makePrivateFolder("program");
after(() => rmSync(folder, { recursive: true }));
const places = ["one", "two"].map((name) => path.join(folder, name));
for (const place of places) mkdirSync(place);
const searched = places.join(path.delimiter);

function make(place: number, name: string, mode: number): string {
  const file = path.join(places[place] ?? "", name);
  writeFileSync(file, "");
  chmodSync(file, mode);
  return file;
}

test("the first place that has a program which may be started counts", { skip: windows }, () => {
  make(0, "client", 0o644);
  const second = make(1, "client", 0o755);
  assert.deepEqual(findProgram("client", searched), { path: second });
  const first = make(0, "both", 0o755);
  make(1, "both", 0o755);
  assert.deepEqual(findProgram("both", searched), { path: first });
});

test("a name with a slash is not searched for", { skip: windows }, () => {
  const file = make(1, "here", 0o755);
  assert.deepEqual(findProgram(file, ""), { path: file });
  assert.deepEqual(findProgram(`${file}/there`, searched), { code: "ENOENT" });
});

test("a program that is missing and one that may not be started have different codes", { skip: windows }, () => {
  make(0, "text", 0o644);
  assert.deepEqual(findProgram("text", searched), { code: "EACCES" });
  assert.deepEqual(findProgram("none", searched), { code: "ENOENT" });
});
