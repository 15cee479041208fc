/** What npm shows of each package is complete, and agrees with the root and the README. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

type Manifest = Readonly<Record<string, unknown>>;

const read = (file: string): string => readFileSync(file, "utf8");
const root = manifestOf(".");
const folders = globSync("packages/*/package.json").map((file) => path.dirname(file));

for (const folder of folders) {
  const manifest = manifestOf(folder);

  test(`${folder} has the repository and the licence of the root`, () => {
    assert.deepEqual(manifest["repository"], { ...objectIn(root, "repository"), directory: folder });
    assert.equal(manifest["license"], root["license"]);
    assert.equal(read(`${folder}/LICENSE`), read("LICENSE"));
  });

  test(`${folder} has a README with its name at the top, and keywords`, () => {
    assert.ok(read(`${folder}/README.md`).startsWith(`# ${String(manifest["name"])}\n`));
    const { keywords } = manifest;
    assert.ok(Array.isArray(keywords) && keywords.length >= 5 && new Set(keywords).size === keywords.length);
  });
}

test("the README packs and installs all of them, by the names that npm gives the archives", () => {
  const readme = read("README.md");
  for (const folder of folders) assert.ok(readme.includes(` -w ${folder}`), folder);
  for (const [, name = "", version] of readme.matchAll(/packed\/([a-z-]+)-(\d+\.\d+\.\d+)\.tgz/g)) {
    const named = folders
      .map(manifestOf)
      .find((one) => String(one["name"]).replace("@", "").replace("/", "-") === name);
    assert.equal(named?.["version"], version, name);
  }
});

test("the README says on which versions of Node the packages run", () => {
  const engines = new Map(folders.map((folder) => [folder, objectIn(manifestOf(folder), "engines")["node"]]));
  assert.equal(engines.get("packages/outbox"), "^22.22.3 || >=24.15.0");
  assert.match(read("README.md"), /the outbox needs 22\.22\.3 or 24\.15/);
  engines.delete("packages/outbox");
  assert.deepEqual([...new Set(engines.values())], ["^22.20.0 || >=24.5.0"]);
  assert.match(read("README.md"), /Node 22\.20 or newer in the 22 line, or 24\.5 or newer/);
  assert.equal(objectIn(root, "engines")["node"], ">=20.19");
  assert.match(read("README.md"), /a Node from 20\.19 on/);
});

test("the README has a picture, and it is in the repository", () => {
  const [, file = ""] = /^!\[.+\]\((.+)\)$/m.exec(read("README.md")) ?? [];
  assert.ok(existsSync(file), file);
});

function manifestOf(folder: string): Manifest {
  const parsed: unknown = JSON.parse(read(path.join(folder, "package.json")));
  assert.ok(isRecord(parsed));
  return parsed;
}

function objectIn(manifest: Manifest, key: string): Manifest {
  const value = manifest[key];
  assert.ok(isRecord(value), key);
  return value;
}

function isRecord(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null;
}
