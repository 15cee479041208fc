import assert from "node:assert/strict";
import { test } from "node:test";
import { patternOf } from "./pattern.ts";

test("--vector that is no regular expression is a usage error that says what to write", () => {
  assert.throws(() => patternOf("["), /not a regular expression.* write \^A2/);
  assert.ok(patternOf().test("A1-removed"));
});
