import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../errors/input-error.ts";
import { readAddresses } from "./address-list.ts";

function read(value: unknown): readonly string[] {
  return readAddresses(value, "to").map(({ text }) => text);
}

test("a list is read as RFC 5322 and Nodemailer write it", () => {
  const lists: readonly (readonly [value: unknown, ...mailboxes: string[]])[] = [
    ["a@x.test", "a@x.test"],
    [" a@x.test , b@x.test", "a@x.test", "b@x.test"],
    ["a@x.test; b@x.test;", "a@x.test", "b@x.test"],
    ["Ann <a@x.test>, <b@x.test>", "a@x.test", "b@x.test"],
    ['"Ann, of <x@y.test>" <a@x.test>', "a@x.test"],
    ['"Ann \\"quoted\\" \\\\" <a@x.test>', "a@x.test"],
    ["Ann (Sales, (inner)) <a@x.test> (late)", "a@x.test"],
    ["a@x.test <a@x.test>", "a@x.test"],
    ["Team: a@x.test, Bo <b@x.test>;, c@x.test", "a@x.test", "b@x.test", "c@x.test"],
    ["undisclosed-recipients:;"],
    ["a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"],
    ["a@bücher.test", "a@xn--bcher-kva.test"],
    [{ name: "Ann", address: " a@x.test " }, "a@x.test"],
    [["a@x.test, b@x.test", [{ address: "c@x.test" }]], "a@x.test", "b@x.test", "c@x.test"],
    [undefined],
    [false],
    [[""]],
  ];
  for (const [value, ...mailboxes] of lists) assert.deepEqual(read(value), mailboxes, JSON.stringify(value));
});

test("a list that could be read in two ways is refused", () => {
  const hostile: readonly unknown[] = [
    "b@x>\r\nRCPT TO:<e@e",
    "b@x> RCPT TO:<e@e",
    "=?utf-8?q?a=40evil.com?=@b.test",
    "Ann <=?utf-8?q?a=40evil.com?=@b.test>",
    "=?utf-8?q?a,c=40evil.com?=@b.test",
    "b@x>,<e@e",
    "<b@x> <e@e.test>",
    "<b@x.test> e@e.test",
    '<b@x.test> "e"',
    "b@x.test e@e.test",
    "b@x.test\0",
    "b@x.test\u2028c@x.test",
    "<b@x.test",
    "b@x.test)",
    "b@x.test]",
    'Ann" <a@x.test>',
    "(Ann <a@x.test>",
    "b@x.test:c@x.test;",
    "<b@x.test>: c@x.test;",
    "Nobody",
    "<>",
    '"x@gmail.com x"@internal.test',
    { address: "b@x>\r\nRCPT TO:<e@e" },
    { address: "b@x.test, c@x.test" },
    { address: "b@x.test", name: "Ann\r\nBcc: e@e.test" },
    { name: "Ann" },
    42,
    {},
  ];
  for (const value of hostile) {
    assert.throws(
      () => read(value),
      (error) => error instanceof InputError && error.code === "MAIL_INPUT_ADDRESS",
      JSON.stringify(value),
    );
  }
});

test("the error names the place of the bad address", () => {
  assert.throws(() => read(["a@x.test", { address: "no mailbox" }]), /^InputError: to\[1\]\.address: /);
});
