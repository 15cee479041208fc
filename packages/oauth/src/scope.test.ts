import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "@postseal/mailer";
import { assertScope, missingScopes } from "./scope.ts";

test("what was asked for and not granted is named, in any case and order", () => {
  assert.deepEqual(
    missingScopes("https://outlook.office.com/SMTP.Send offline_access", "HTTPS://outlook.office.com/smtp.send"),
    [],
  );
  assert.deepEqual(missingScopes("mail openid", "calendar"), ["mail"]);
  assert.deepEqual(missingScopes("a b c", "c a"), ["b"]);
  assert.deepEqual(missingScopes("a", ""), ["a"]);
});

test("a scope is names with one space between", () => {
  for (const scope of ["mail", "a b", "urn:ietf:params:oauth:scope:mail"]) assertScope(scope);
  for (const scope of ["", " a", "a ", "a  b", 'a"b', "a\\b", "a\nb", "ä", undefined, 1])
    assert.throws(() => assertScope(scope), InputError, String(scope));
});
