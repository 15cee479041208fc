/** Finds the lines of keys in JSON of any layout. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOfKeys } from "./json-lines.ts";

test("each key has its line, and text that looks like a key has none", () => {
  const text = `{
  "host": "a", "b": ": \\"host\\": ",
  "auth": { "user": "auth",
    "pass"
      : [ "user", { "x": 1 } ] },

  "h\\u006fst": 2,
  "tls": {}
}`;
  assert.deepEqual(
    [...linesOfKeys(text)],
    [
      ['["host"]', 7],
      ['["b"]', 2],
      ['["auth"]', 3],
      ['["auth","user"]', 3],
      ['["auth","pass"]', 4],
      ['["auth","pass","","x"]', 5],
      ['["tls"]', 8],
    ],
  );
});

test("any depth of nesting is read", () => {
  assert.equal(linesOfKeys(`${'{"a":\n'.repeat(100_000)}1${"}".repeat(100_000)}`).size, 6);
});
