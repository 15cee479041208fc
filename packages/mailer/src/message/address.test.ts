/** Addresses with names: one in each string, with no way to slip in a second. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressTokens, parseAddress, parseAddresses } from "./address.ts";
import type { AddressInput } from "./input.ts";

function written(input: AddressInput): string {
  return addressTokens([parseAddress(input, "to")]).join(" ");
}

const forms: readonly (readonly [AddressInput, string])[] = [
  ["alice@example.org", "alice@example.org"],
  ["Alice Smith <alice@example.org>", "Alice Smith <alice@example.org>"],
  ["J. Doe <j@example.org>", '"J. Doe" <j@example.org>'],
  ['"Doe, \\"Joe\\"" <j@example.org>', '"Doe, \\"Joe\\"" <j@example.org>'],
  ["<j@example.org>", "j@example.org"],
  ["Jürgen <j@example.org>", "=?UTF-8?Q?J=C3=BCrgen?= <j@example.org>"],
  [{ name: "Doe, Joe", address: "j@example.org" }, '"Doe, Joe" <j@example.org>'],
  [{ name: "a@b.example", address: "j@example.org" }, '"a@b.example" <j@example.org>'],
  [{ name: "=?utf-8?q?x?=", address: "j@example.org" }, "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?= <j@example.org>"],
  [{ address: "j@example.org" }, "j@example.org"],
];
for (const [input, output] of forms) {
  test(`${JSON.stringify(input)} is written as ${output}`, () => {
    assert.equal(written(input), output);
  });
}

for (const [danger, input] of Object.entries({
  "two addresses": "a@example.org, b@example.org",
  "two addresses, the second with a name": "a@example.org, B <b@example.org>",
  "an unquoted comma in the name": "Doe, Joe <j@example.org>",
  "an address as its unquoted name": "a@example.org <b@example.org>",
  "a group": "all: a@example.org;",
  "a comment": "a@example.org (Alice)",
  "a comment before the address": "(Alice) <a@example.org>",
  "text after the address": "Alice <a@example.org> x",
  "two angle brackets": "A <<a@example.org>>",
  "a name whose quote is open": '"Alice <a@example.org>',
  "a name that ends before the address": '"Alice" x <a@example.org>',
  "CRLF in the name": "A\r\nBcc: x@example.org <a@example.org>",
  "an override in the name": "A\u202e <a@example.org>",
  "an empty string": "",
})) {
  test(`an address with ${danger} is refused`, () => {
    assert.throws(() => parseAddress(input, "to"), { code: "MAIL_INPUT_ADDRESS" });
  });
}

test("the error says which address of a list is wrong", () => {
  assert.throws(() => parseAddresses(["a@example.org", "b"], "to"), { field: "to[1]" });
});

test("a misspelt key of an address is refused", () => {
  assert.throws(() => parseAddress(Object.assign({ address: "a@example.org" }, { nmae: "A" }), "to"), {
    code: "MAIL_INPUT_MESSAGE",
  });
});

test("a million hostile characters are refused as an address", () => {
  for (const unit of ['"', '"\\', "\\", "<", ">", "<>", "(", ",", "a ", "a@b,"]) {
    assert.throws(() => parseAddress(`${unit.repeat(1_000_000)} <a@example.org>`, "to"), {
      code: "MAIL_INPUT_ADDRESS",
    });
    assert.throws(() => parseAddress({ name: unit.repeat(1_000_000), address: "a@example.org" }, "to"), {
      code: "MAIL_INPUT_ADDRESS",
    });
  }
});

test("an angle bracket that closes nothing is refused, not removed", () => {
  for (const address of [
    "b@example.org>",
    "Bob b@example.org>",
    "b@example.org>>",
    ">",
    "<b@example.org",
    "<b@example.org>>",
  ]) {
    assert.throws(() => parseAddress(address, "to"), { code: "MAIL_INPUT_ADDRESS" }, address);
  }
});
