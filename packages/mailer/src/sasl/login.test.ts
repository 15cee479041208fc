import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginMechanism } from "./login.ts";

test("LOGIN waits for the server, then gives the name, then the password", () => {
  const mechanism = new LoginMechanism({ username: "tim", password: "tanstaaf" });
  assert.equal(mechanism.initialResponse, undefined);
  assert.equal(Buffer.from(mechanism.respond()).toString(), "tim");
  assert.equal(Buffer.from(mechanism.respond()).toString(), "tanstaaf");
});

test("a third challenge to LOGIN is refused", () => {
  const mechanism = new LoginMechanism({ username: "tim", password: "tanstaaf" });
  mechanism.respond();
  mechanism.respond();
  assert.throws(() => mechanism.respond(), { code: "MAIL_AUTH_PROTOCOL", mechanism: "LOGIN" });
});

test("LOGIN refuses a line break in a name or password", () => {
  for (const part of ["username", "password"])
    assert.throws(() => new LoginMechanism({ username: "tim", password: "secret", [part]: "a\r\nb" }), {
      code: "MAIL_AUTH_CREDENTIALS",
      message: new RegExp(`the ${part} holds a line break`),
    });
});
