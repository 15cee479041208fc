import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, prepareSecret, prepareText } from "./preparation.ts";
import { Secret } from "./secret.ts";

const refusal = { name: "AuthenticationError", code: "MAIL_AUTH_CREDENTIALS", disposition: "give-up" };

test("SASLprep gives the results of RFC 4013 section 3 for its examples", () => {
  const examples = [
    ["I\u00adX", "IX"],
    ["user", "user"],
    ["USER", "USER"],
    ["\u00aa", "a"],
    ["\u2168", "IX"],
  ] as const;
  for (const [input, output] of examples) assert.equal(prepareText("SCRAM-SHA-256", "password", input), output);
  for (const input of ["\u0007", "\u0627\u0031"])
    assert.throws(() => prepareText("SCRAM-SHA-256", "password", input), refusal);
});

test("a text that SASLprep makes empty is refused", () => {
  assert.throws(() => prepareText("SCRAM-SHA-256", "username", "\u00ad"), refusal);
});

test("a code point newer than Unicode 3.2 is allowed in a username and refused in a password", () => {
  assert.equal(prepareText("SCRAM-SHA-256", "username", "\u{1f600}"), "\u{1f600}");
  assert.throws(() => prepareText("SCRAM-SHA-256", "password", "\u{1f600}"), refusal);
});

test("the error for a text that SASLprep refuses advises PLAIN, and does not print the text", () => {
  assert.throws(() => prepareText("SCRAM-SHA-256", "password", "sesame\u0007"), /^(?!.*sesame).*"PLAIN"/);
});

for (const [what, text, says] of [
  ["empty", "", /empty or missing/],
  ["NUL", "a\0b", /NUL/],
  ["a CR", "a\rb", /line break/],
  ["the LF at the end of a file", "a\n", /remove the line break at its end/],
  ["a lone surrogate", "a\ud800", /Unicode/],
] as const)
  test(`a text with ${what} is refused`, () => {
    assert.throws(() => checkText("PLAIN", "username", text), { ...refusal, message: says, mechanism: "PLAIN" });
    assert.throws(() => prepareText("SCRAM-SHA-1", "username", text), { ...refusal, message: says });
  });

test("the error for an absent password calls it missing", () => {
  // @ts-expect-error a caller without types
  assert.throws(() => prepareSecret("PLAIN", "password", undefined, checkText), {
    ...refusal,
    message: /the password is empty or missing/,
  });
});

test("a Secret is checked like a string", () => {
  assert.throws(() => prepareSecret("PLAIN", "password", new Secret("a\0b"), checkText), refusal);
  assert.equal(prepareSecret("PLAIN", "password", new Secret("ab"), checkText).reveal(), "ab");
});
