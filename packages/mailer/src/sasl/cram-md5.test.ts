import assert from "node:assert/strict";
import { test } from "node:test";
import { CramMd5Mechanism } from "./cram-md5.ts";

const challenge = Buffer.from("<1896.697170952@postoffice.reston.mci.net>");

test("CRAM-MD5 answers the example of RFC 2195 section 2", () => {
  const mechanism = new CramMd5Mechanism({ username: "tim", password: "tanstaaftanstaaf" });
  assert.equal(mechanism.initialResponse, undefined);
  assert.equal(
    Buffer.from(mechanism.respond(challenge)).toString("base64"),
    "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
  );
});

test("CRAM-MD5 signs only one challenge", () => {
  const mechanism = new CramMd5Mechanism({ username: "tim", password: "secret" });
  mechanism.respond(challenge);
  assert.throws(() => mechanism.respond(challenge), { code: "MAIL_AUTH_PROTOCOL" });
});

test("CRAM-MD5 does not sign an empty challenge", () => {
  const mechanism = new CramMd5Mechanism({ username: "tim", password: "secret" });
  assert.throws(() => mechanism.respond(new Uint8Array(0)), { code: "MAIL_AUTH_PROTOCOL", message: /replayed/ });
});
