import assert from "node:assert/strict";
import { test } from "node:test";
import { Failures, ruleOf } from "./failure.ts";

test("failures are used once and in order, those for a login separately", () => {
  const failures = new Failures();
  failures.add("450");
  failures.add({ at: "login", reply: "454 4.7.0 Later" });
  failures.add("cut");
  assert.equal(failures.take("message")?.at, "recipient");
  assert.equal(failures.take("message")?.cut, true);
  assert.equal(failures.take("message"), undefined);
  assert.equal(failures.take("login")?.reply, "454 4.7.0 Later");
  assert.equal(failures.take("login"), undefined);
});

test("a reply that is none is refused when it is asked for", () => {
  for (const reply of ["", "450", "greylisted", "350 go on", "450 a\r\n250 b", "4500 no"])
    assert.throws(() => ruleOf({ at: "recipient", reply }), TypeError, reply);
});
