import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeBase64, encodeBase64 } from "./base64.ts";

test("octets come back from base64", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      assert.deepEqual(Uint8Array.from(decodeBase64(encodeBase64(octets)) ?? []), octets);
    }),
  );
});

test("only the octets of a view are encoded, not those around it", () => {
  assert.equal(encodeBase64(Buffer.from("xhellox").subarray(1, 6)), "aGVsbG8=");
});

test("no octets are the empty text in base64", () => {
  assert.deepEqual(decodeBase64(""), Buffer.alloc(0));
});

for (const text of [
  "a",
  "aGVsbG8",
  "aGVsbG8==",
  "aGVs bG8=",
  "aGVsbG8=\n",
  "aG=sbG8=",
  "aGVsbG9=",
  "aGVsbG-_",
  "====",
  "é===",
]) {
  test(`${JSON.stringify(text)} is refused as base64, since another reader may read other octets`, () => {
    assert.equal(decodeBase64(text), undefined);
  });
}
