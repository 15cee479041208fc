import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shown } from "./shown.ts";

test("control characters of a server do not reach the terminal", () => {
  assert.equal(shown("454 \x1b[2J\r\n\t\x00\x9b1m\x7f"), "454 \\x1b[2J\\r\\n\\t\\x00\\x9b1m\\x7f");
});

test("characters that reorder or hide what follows are shown as escapes", () => {
  assert.equal(shown("a\u202eb\u200bc\u2066d\ufeff\u2028"), "a\\u202eb\\u200bc\\u2066d\\ufeff\\u2028");
});

for (const [what, text, escaped] of [
  ["tags", "a\u{e0001}\u{e0041}b", "a\\u{e0001}\\u{e0041}b"],
  ["variation selectors", "a\ufe0f\u{e0101}", "a\\ufe0f\\u{e0101}"],
  ["Hangul fillers", "\u115f\u1160\u3164\uffa0", "\\u115f\\u1160\\u3164\\uffa0"],
  ["Mongolian separators", "\u180b\u180e", "\\u180b\\u180e"],
  ["Khmer vowels that are not seen", "\u17b4\u17b5", "\\u17b4\\u17b5"],
  ["joiners and soft hyphens", "\u034f\u00ad\u200d\u2060", "\\u034f\\xad\\u200d\\u2060"],
  ["bidi controls", "\u061c\u200e\u202b\u2069", "\\u061c\\u200e\\u202b\\u2069"],
  ["halves of surrogate pairs", "a\ud800b\udc00", "a\\ud800b\\udc00"],
  ["shorthand format controls and musical beams", "\u{1bca0}\u{1d173}", "\\u{1bca0}\\u{1d173}"],
] as const) {
  test(`what cannot be seen is shown as an escape: ${what}`, () => {
    assert.equal(shown(text), escaped);
  });
}

test("a character is not cut in half", () => {
  assert.equal(shown(`${"x".repeat(399)}😀`), `${"x".repeat(399)}… (401 characters)`);
  assert.equal(shown(`${"x".repeat(398)}😀x`), `${"x".repeat(398)}😀… (401 characters)`);
});

test("plain text in any script stays as it is", () => {
  assert.equal(shown("Empfänger unbekannt: 受信者 😀"), "Empfänger unbekannt: 受信者 😀");
});

test("at most 400 characters are shown, then how many there were", () => {
  assert.equal(shown("x".repeat(400)), "x".repeat(400));
  assert.equal(shown("x".repeat(401)), `${"x".repeat(400)}… (401 characters)`);
});

test("whatever the text, nothing comes out that a terminal obeys or a reader cannot see", () => {
  const hidden = fc.constantFrom(
    "\u{e0041}",
    "\u3164",
    "\u202e",
    "\ufe0f",
    "\ud83d",
    "\ude00",
    "\u009b",
    "x".repeat(398),
  );
  const text = fc.array(fc.oneof(fc.string({ unit: "binary" }), hidden)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (hostile) => {
      assert.doesNotMatch(shown(hostile), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Bidi_C}]/u);
    }),
  );
});
