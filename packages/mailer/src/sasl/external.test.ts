import assert from "node:assert/strict";
import { test } from "node:test";
import { ExternalMechanism } from "./external.ts";

test("EXTERNAL sends the authorization identity, or no octets", () => {
  assert.equal(new ExternalMechanism({ external: true }).initialResponse.length, 0);
  const asFred = new ExternalMechanism({ external: true, authorizationId: "fred@example.com" });
  assert.equal(Buffer.from(asFred.initialResponse).toString(), "fred@example.com");
});

test("EXTERNAL refuses an identity with a NUL", () => {
  assert.throws(() => new ExternalMechanism({ external: true, authorizationId: "a\0b" }), {
    code: "MAIL_AUTH_CREDENTIALS",
  });
});

test("a challenge to EXTERNAL is refused", () => {
  assert.throws(() => new ExternalMechanism({ external: true }).respond(), { code: "MAIL_AUTH_PROTOCOL" });
});
