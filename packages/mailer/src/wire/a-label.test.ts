import assert from "node:assert/strict";
import { test } from "node:test";
import { toALabel } from "./a-label.ts";

for (const [label, written] of [
  ["mail", "mail"],
  ["MAIL", "MAIL"],
  ["", ""],
  ["münchen", "xn--mnchen-3ya"],
  ["MÜNCHEN", "xn--mnchen-3ya"],
  ["mu\u0308nchen", "xn--mnchen-3ya"],
  ["straße", "xn--strae-oqa"],
  ["例え", "xn--r8jz45g"],
] as const) {
  test(`${JSON.stringify(label)} goes over the wire as ${JSON.stringify(written)}`, () => {
    assert.equal(toALabel(label), written);
  });
}

for (const label of [
  "ü/x",
  "ü#x",
  "ü?x",
  "ü\\x",
  "ü%41",
  "ü@x",
  "ü:25",
  "ü x",
  "ü．x",
  "mail\u00ad",
  "mail\u200b",
  "ｍａｉｌ",
  "ü\r\n",
  "ü\0",
  "\ud800",
]) {
  test(`${JSON.stringify(label)} is no label, and is not cleaned up into one`, () => {
    assert.equal(toALabel(label), undefined);
  });
}
