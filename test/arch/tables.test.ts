/**
 * A table that is looked up by any text has to be a `Map`: an object would find `constructor` in its prototype. TypeScript
 * indexes an object by any text only if its type allows every text as a key, so the tests look for such types.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** A variable or field of such a type that is assigned a literal. */
const TABLE = /[\w#]+: *(?:Readonly<\s*|Partial<\s*)*Record<\s*string\b[^=;()]*=(?!>)\s*[({\w]/;
const INDEX_SIGNATURE = /\[\w+: string\]\??:/;

const sources = globSync("packages/*/src/**/*.ts")
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts"));

test("no table of the product can return what is in its prototype", () => {
  assert.ok(sources.length > 300, `saw ${sources.length} files`);
  const found = sources.filter((file) => {
    const text = readFileSync(file, "utf8");
    return TABLE.test(text) || INDEX_SIGNATURE.test(text);
  });
  assert.deepEqual(found, []);
});

test("the patterns find tables in any spelling", () => {
  for (const text of [
    'const MODES: Readonly<Record<string, string>> = { s: "x" };',
    "export const a: Record<string, Judge> = {",
    "  readonly #a: Readonly<\n    Record<string, number>\n  > = {};",
    "  const times: Readonly<Record<string, number>> = only;",
  ])
    assert.match(text, TABLE);
  assert.match("interface A { readonly [key: string]: number }", INDEX_SIGNATURE);
  assert.doesNotMatch("const a = (b: Readonly<Record<string, string>>): number => 1;", TABLE);
});
