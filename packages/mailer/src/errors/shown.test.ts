import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shown } from "./shown.ts";

test("control characters of a server do not reach the terminal", () => {
  assert.equal(shown("454 \x1b[2J\r\n\t\x00\x9b1m\x7f"), "454 \\x1b[2J\\r\\n\\t\\x00\\x9b1m\\x7f");
});

test("characters that reorder or hide what follows are shown as what they are", () => {
  assert.equal(shown("a\u202eb\u200bc\u2066d\ufeff\u2028"), "a\\u202eb\\u200bc\\u2066d\\ufeff\\u2028");
});

test("plain text in any script stays as it is", () => {
  assert.equal(shown("Empfänger unbekannt: 受信者 😀"), "Empfänger unbekannt: 受信者 😀");
});

test("no more than 400 characters of it are shown, and how many there were", () => {
  assert.equal(shown("x".repeat(400)), "x".repeat(400));
  assert.equal(shown("x".repeat(401)), `${"x".repeat(400)}… (401 characters)`);
});

test("whatever comes in, nothing comes out that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(shown(text), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
