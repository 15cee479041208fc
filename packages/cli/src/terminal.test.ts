import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { printable, widthOf, wrap } from "./terminal.ts";

test("nothing that a terminal would obey is left in a line", () => {
  assert.equal(printable("a\u001b[2Jb\u009bc\r\n\u202ed"), "a\\u001b[2Jb\\u009bc\\u000d\\u000a\\u202ed");
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(printable(text)),
    ),
  );
});

test("lines break between words at the width, and no word is lost or cut", () => {
  assert.equal(wrap("one two three", 8, "  "), "one two\n  three");
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 10, max: 40 }),
      (words, width) => {
        const lines = wrap(words.join(" "), width, "  ").split("\n");
        assert.deepEqual(lines.join(" ").split(/ +/), words);
        for (const line of lines) assert.ok(line.length <= width || !line.trim().includes(" "), line);
      },
    ),
  );
});

test("only a terminal is wrapped for", () => {
  assert.equal(widthOf({ isTTY: true, columns: 60 }), 60);
  assert.equal(widthOf({ isTTY: true, columns: 300 }), 100);
  assert.equal(widthOf({ isTTY: true, columns: 0 }), 80);
  assert.equal(widthOf({ columns: 60 }), undefined);
  assert.equal(wrap("one two three", undefined, "  "), "one two three");
});
