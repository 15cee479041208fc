import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "./device-sign-in.ts";
import { OAuthError } from "./oauth-error.ts";

const said = (error: string): OAuthError => new OAuthError("MAIL_AUTH_CREDENTIALS", "No.", { error });

test("the same pause follows as long as the person has not answered, and five seconds more if the issuer wants it slower", () => {
  assert.equal(pauseAfter(said("authorization_pending"), 5), 5);
  assert.equal(pauseAfter(said("slow_down"), 5), 10);
  assert.equal(pauseAfter(said("slow_down"), 300), 300);
});

test("an issuer that is away is asked again, ever more slowly", () => {
  const away = new OAuthError("MAIL_AUTH_DEFERRED", "Later.", { status: 503 });
  assert.equal(pauseAfter(away, 5), 10);
  assert.equal(pauseAfter(away, 200), 300);
});

test("a refusal ends the sign-in", () => {
  for (const error of ["access_denied", "expired_token", "invalid_grant"])
    assert.equal(pauseAfter(said(error), 5), undefined);
  assert.equal(pauseAfter(new TypeError("a bug"), 5), undefined);
});
