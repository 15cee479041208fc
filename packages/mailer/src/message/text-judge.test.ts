import assert from "node:assert/strict";
import { test } from "node:test";
import { isAscii } from "./text-judge.ts";

test("one character that is not ASCII is seen wherever it is, in a text of any length", () => {
  for (const length of [1, 2, 255, 256, 257, 1_000, 16_383, 16_384, 16_385, 40_000]) {
    const ascii = "a\r\n\0\x7f ".repeat(length).slice(0, length);
    assert.ok(isAscii(ascii), `${length} of ASCII`);
    for (const other of ["\x80", "\xff", "\u0100", "\uffff", "\ud800", "\udc00"])
      for (const at of [0, length >> 1, length - 1])
        assert.ok(
          !isAscii(ascii.slice(0, at) + other + ascii.slice(at + 1)),
          `${JSON.stringify(other)} at ${at} of ${length}`,
        );
  }
});
