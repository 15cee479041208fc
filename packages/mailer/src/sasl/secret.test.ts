import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { Secret } from "./secret.ts";

test("a secret prints as [secret], however it is printed", () => {
  const secret = new Secret("hunter2");
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9, getters: true }),
    inspect(secret, { customInspect: false, showHidden: true }),
    format("%s %o %O %j", secret, secret, secret, secret),
    JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
  ];
  for (const text of printed) assert.doesNotMatch(text, /hunter2/);
  assert.equal(inspect(secret), "[secret]");
  assert.equal(JSON.stringify(secret), '"[secret]"');
});

test("reveal returns the secret", () => {
  assert.equal(new Secret("hunter2").reveal(), "hunter2");
});
