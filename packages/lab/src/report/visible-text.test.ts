import assert from "node:assert/strict";
import { test } from "node:test";
import { visible, visibleLines } from "./visible-text.ts";

test("what a terminal obeys or a reader cannot see is shown as an escape", () => {
  assert.equal(
    visible("a\u009b\u202e\u180e\u3164\ufe0f\u{e0041}\ud800\uffffb"),
    "a\\x9b\\u202e\\u180e\\u3164\\ufe0f\\u{e0041}\\ud800\\uffffb",
  );
  assert.equal(visible("plain, jürgen, 受信者, 😀"), "plain, jürgen, 受信者, 😀");
});

test("line ends and tabs stay in texts that may have several lines", () => {
  assert.equal(visibleLines("a\r\n\tb\rc\u{e0041}"), "a\n\tb\\rc\\u{e0041}");
});
