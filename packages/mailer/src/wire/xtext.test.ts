import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeXtext } from "./xtext.ts";

test("xtext escapes plus, equals, space and control characters, and nothing else", () => {
  assert.equal(encodeXtext("abc-123_x@y.example"), "abc-123_x@y.example");
  assert.equal(encodeXtext("a+b=c d"), "a+2Bb+3Dc+20d");
  assert.equal(encodeXtext("\r\n\0\x7f"), "+0D+0A+00+7F");
});

test("xtext of ASCII never holds a space or a line end, and decodes to the same text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
      const encoded = encodeXtext(text);
      assert.match(encoded, /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/);
      const decoded = encoded.replace(/\+([0-9A-F]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      );
      assert.equal(decoded, text);
    }),
  );
});
