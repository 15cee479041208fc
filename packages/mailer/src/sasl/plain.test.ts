import assert from "node:assert/strict";
import { test } from "node:test";
import { PlainMechanism } from "./plain.ts";
import { Secret } from "./secret.ts";

const text = (mechanism: PlainMechanism): string => Buffer.from(mechanism.initialResponse).toString();

test("PLAIN sends the examples of RFC 4616 section 4", () => {
  assert.equal(text(new PlainMechanism({ username: "tim", password: "tanstaaftanstaaf" })), "\0tim\0tanstaaftanstaaf");
  assert.equal(
    text(new PlainMechanism({ username: "Kurt", password: new Secret("xipj3plmq"), authorizationId: "Ursel" })),
    "Ursel\0Kurt\0xipj3plmq",
  );
});

test("PLAIN carries UTF-8 as it is", () => {
  assert.equal(text(new PlainMechanism({ username: "jörg", password: "pä\u{1f600}" })), "\0jörg\0pä\u{1f600}");
});

test("a NUL cannot forge a field of PLAIN", () => {
  for (const part of ["username", "password", "authorizationId"])
    assert.throws(() => new PlainMechanism({ username: "tim", password: "secret", [part]: "a\0admin" }), {
      code: "MAIL_AUTH_CREDENTIALS",
      message: new RegExp(`the ${part} holds a NUL`),
    });
});

test("a challenge to PLAIN is refused", () => {
  const mechanism = new PlainMechanism({ username: "tim", password: "secret" });
  assert.throws(() => mechanism.respond(), { code: "MAIL_AUTH_PROTOCOL", mechanism: "PLAIN" });
});
