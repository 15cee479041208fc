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

test("a slow server takes ten seconds", () => {
  assert.deepEqual(ruleOf("slow"), { at: "message", delay: 10_000 });
});

test("a reply whose two codes disagree, that refuses nothing or is longer than a line is none", () => {
  for (const reply of ["450 5.2.0 a", "550 4.1.1 a", "250 2.0.0 Ok", "354 go on", "560 a", `550 ${"x".repeat(507)}`])
    assert.throws(() => ruleOf({ at: "message", reply }), TypeError, reply);
  for (const reply of ["450 a", "550 5.1.1 a", "421 4.3.2 a", `550 ${"x".repeat(506)}`])
    assert.equal(ruleOf({ at: "message", reply }).reply, reply);
});
