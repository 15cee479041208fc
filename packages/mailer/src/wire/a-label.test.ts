import assert from "node:assert/strict";
import { test } from "node:test";
import { toALabel } from "./a-label.ts";

for (const [label, written] of [
  ["mail", "mail"],
  ["MAIL", "MAIL"],
  ["", ""],
  ["münchen", "xn--mnchen-3ya"],
  ["MüNCHEN", "xn--mnchen-3ya"],
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
  // Lower-casing or normalising makes other names of these: the Kelvin sign becomes a plain k.
  "mai\u212a",
  "\u212aelvin",
  "ü\u212a",
  "MÜNCHEN",
  "mu\u0308nchen",
  "\u0130stanbul",
  "①",
  "ﬁle",
]) {
  test(`${JSON.stringify(label)} is refused as a label, not cleaned up into one`, () => {
    assert.equal(toALabel(label), undefined);
  });
}
