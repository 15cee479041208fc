import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TomlDocument } from "./account/toml-document.ts";
import { jsonSafe, pageSafe, printable, tomlSafe, widthOf, wrap } from "./terminal.ts";

test("a line keeps nothing that a terminal would obey", () => {
  assert.equal(printable("a\u001b[2Jb\u009bc\r\n\u202ed"), "a\\x1b[2Jb\\x9bc\\r\\n\\u202ed");
  const unsafe = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(printable(text), unsafe);
      assert.doesNotMatch(pageSafe(text).replaceAll(/[\n\t]|\u001b\[\d+m/g, ""), unsafe);
    }),
  );
});

test("a page keeps its line ends and colours, and can hide nothing", () => {
  const page = "\u001b[31mred\u001b[39m\n\tb\n";
  assert.equal(pageSafe(page), page);
  assert.equal(pageSafe("\u001b[8mhidden\u001b[2J\r\u001b]0;x\u0007"), "\\x1b[8mhidden\\x1b[2J\\r\\x1b]0;x\\x07");
});

test("JSON and TOML keep their meaning when they are made safe", () => {
  const hostile = "a\u009b\u202e\u{e0020}\u180e\u3164\u007f\u2028é…😀";
  assert.equal(JSON.parse(jsonSafe(JSON.stringify(hostile))), hostile);
  assert.doesNotMatch(jsonSafe(JSON.stringify(hostile)), /[\u007f-\u009f\u202e\u2028]/);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(JSON.parse(jsonSafe(JSON.stringify(text))), text);
      const { value } = new TomlDocument(`value = ${tomlSafe(JSON.stringify(text))}`).root;
      assert.equal(value, text);
    }),
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

test("only text for a terminal is wrapped", () => {
  assert.equal(widthOf({ isTTY: true, columns: 60 }), 60);
  assert.equal(widthOf({ isTTY: true, columns: 300 }), 100);
  assert.equal(widthOf({ isTTY: true, columns: 0 }), 80);
  assert.equal(widthOf({ columns: 60 }), undefined);
  assert.equal(wrap("one two three", undefined, "  "), "one two three");
});
