import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChallenge, beginAuth, cancelAuth } from "./auth.ts";
import { converse } from "./conversation.test.ts";

const peer = "mx.example:587";
const octets = (text: string): Buffer => Buffer.from(text);
const malformed = (mechanism: string): object => ({ code: "MAIL_AUTH_PROTOCOL", mechanism });

test("an initial response goes with the command", () => {
  const { said, result } = converse(beginAuth("PLAIN", octets("\0a\0b"), peer), ["235 ok"]);
  assert.deepEqual(said, ["AUTH PLAIN AGEAYg=="]);
  assert.deepEqual(result, { kind: "success" });
});

test("an empty initial response is a lone equals sign", () => {
  assert.deepEqual(converse(beginAuth("EXTERNAL", octets(""), peer), ["235"]).said, ["AUTH EXTERNAL ="]);
});

test("a mechanism without an initial response waits for its challenge", () => {
  const { said, result } = converse(beginAuth("LOGIN", undefined, peer), ["334 VXNlcm5hbWU6"]);
  assert.deepEqual(said, ["AUTH LOGIN"]);
  assert.deepEqual(result, { kind: "challenge", octets: octets("Username:") });
});

test("an initial response that fills a line of 512 octets goes with AUTH; with one octet more it waits for an empty challenge", () => {
  const initial = Buffer.alloc(375, "x");
  const encoded = initial.toString("base64");
  assert.equal(`AUTH FOUR ${encoded}\r\n`.length, 512);
  assert.deepEqual(converse(beginAuth("FOUR", initial, peer), ["235"]).said, [`AUTH FOUR ${encoded}`]);
  assert.deepEqual(converse(beginAuth("PLAIN", initial, peer), ["334 "], ["235"]).said, ["AUTH PLAIN", encoded]);
});

test("a challenge that comes before a long initial response is an error: the secret is not sent", () => {
  assert.throws(() => converse(beginAuth("PLAIN", Buffer.alloc(500, "x"), peer), ["334 YQ=="]), malformed("PLAIN"));
});

test("a mechanism refused before its long initial response is refused", () => {
  const { said, result } = converse(beginAuth("PLAIN", Buffer.alloc(500, "x"), peer), ["504 no"]);
  assert.deepEqual(said, ["AUTH PLAIN"]);
  assert.equal(result.kind, "refused");
});

test("a challenge is answered in base64, and an empty answer is an empty line", () => {
  assert.deepEqual(converse(answerChallenge("SCRAM-SHA-256", octets("c=biws"), peer), ["334 dj14"]), {
    said: ["Yz1iaXdz"],
    result: { kind: "challenge", octets: octets("v=x") },
  });
  assert.deepEqual(converse(answerChallenge("XOAUTH2", octets(""), peer), ["535 no"]).said, [""]);
});

test("a challenge without a text is an empty one", () => {
  for (const challenge of ["334", "334 "]) {
    assert.deepEqual(converse(beginAuth("LOGIN", undefined, peer), [challenge]).result, {
      kind: "challenge",
      octets: octets(""),
    });
  }
});

for (const challenge of ["334 not base64!", "334 YQ", "334 YR=="]) {
  test(`the challenge ${JSON.stringify(challenge)} is an error`, () => {
    assert.throws(() => converse(beginAuth("LOGIN", undefined, peer), [challenge]), malformed("LOGIN"));
    assert.throws(() => converse(answerChallenge("LOGIN", octets("x"), peer), [challenge]), malformed("LOGIN"));
  });
}

for (const code of ["421", "432", "454", "500", "504", "530", "534", "535", "538", "554"]) {
  test(`AUTH answered by ${code} is a refusal`, () => {
    const { result } = converse(beginAuth("LOGIN", undefined, peer), [`${code} no`]);
    assert.ok(result.kind === "refused" && result.reply.code === Number(code));
  });
}

for (const code of ["200", "220", "250", "354", "335"]) {
  test(`AUTH answered by ${code} is no login, but a protocol error`, () => {
    assert.throws(() => converse(beginAuth("LOGIN", undefined, peer), [`${code} ok`]), {
      code: "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    });
  });
}

for (const code of ["501", "334", "535", "421", "235", "299"]) {
  test(`${code} to a cancelled login does not matter`, () => {
    const { said, result } = converse(cancelAuth(), [`${code} x`]);
    assert.deepEqual(said, ["*"]);
    assert.equal(result, undefined);
  });
}
