/**
 * A table that is looked up by text is a `Map`: an object finds `constructor` in its prototype. TypeScript lets nobody index
 * an object by any text unless its type says that any text is a key, so these types are what is looked for.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** A variable or a field of that type that holds a literal. */
const TABLE = /[\w#]+: *(?:Readonly<\s*|Partial<\s*)*Record<\s*string\b[^=;()]*=(?!>)\s*[({\w]/;
const INDEX_SIGNATURE = /\[\w+: string\]\??:/;

const sources = globSync("packages/*/src/**/*.ts")
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts"));

test("no table of the product can be asked for what stands in its prototype", () => {
  assert.ok(sources.length > 300, `saw ${sources.length} files`);
  const found = sources.filter((file) => {
    const text = readFileSync(file, "utf8");
    return TABLE.test(text) || INDEX_SIGNATURE.test(text);
  });
  assert.deepEqual(found, []);
});

test("tables of either spelling would be found", () => {
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
