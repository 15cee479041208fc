import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CommandError } from "../command-error.ts";
import { parseAddressList } from "./address-list.ts";

const addresses = (text: string): readonly string[] => parseAddressList(text, "To").map(({ address }) => address);

test("addresses are found among names, comments, groups and folded lines", () => {
  assert.deepEqual(addresses(' "Doe, Jane" <jane@example.test>,\r\n\tbob@example.test (Bob (the builder))'), [
    "jane@example.test",
    "bob@example.test",
  ]);
  assert.deepEqual(addresses(" root (Cron Daemon)"), ["root"]);
  assert.deepEqual(addresses(" undisclosed-recipients:;"), []);
  assert.deepEqual(addresses(" friends: a@x.test, B <b@x.test>; , c@x.test"), ["a@x.test", "b@x.test", "c@x.test"]);
  assert.deepEqual(addresses(' "a b"@x.test, <"x@y"@z.test>'), ['"a b"@x.test', '"x@y"@z.test']);
  assert.deepEqual(addresses(" (only a comment)"), []);
  assert.deepEqual(addresses(""), []);
});

test("a line end within quotes is no part of the address", () => {
  assert.deepEqual(addresses(' "a,\r\n b"@x.test, <"c\n\td"@x.test>'), ['"a, b"@x.test', '"c\td"@x.test']);
});

test("an address that is not ASCII is decoded", () => {
  const octets = Buffer.from(" J\u00f6rg <j\u00f6rg@example.test>").toString("latin1");
  assert.deepEqual(addresses(octets), ["j\u00f6rg@example.test"]);
});

test("a letter whose octets look like a space is a letter", () => {
  const octets = Buffer.from(" Voil\u00e0 <\u00e0@example.test>, voil\u00e0@example.test").toString("latin1");
  assert.deepEqual(addresses(octets), ["\u00e0@example.test", "voil\u00e0@example.test"]);
});

test("an address literal keeps its colons, and a comma in an encoded word ends no name", () => {
  assert.deepEqual(addresses(" user@[IPv6:2001:db8::1], <b@[192.0.2.1]>, B <c@[IPv6:::1]> (x)"), [
    "user@[IPv6:2001:db8::1]",
    "b@[192.0.2.1]",
    "c@[IPv6:::1]",
  ]);
  assert.deepEqual(addresses(" =?utf-8?q?Doe,_Jane?= <jane@x.test>, =?UTF-8?B?Sg==?= =?UTF-8?B?Sg==?= <j@x.test>"), [
    "jane@x.test",
    "j@x.test",
  ]);
});

test("the positions of each address are right", () => {
  const text = ' "Root" <root>, alice@example.test, daemon (x)';
  for (const { address, start, end } of parseAddressList(text, "To")) assert.equal(text.slice(start, end), address);
});

test("what could be read as other addresses is refused", () => {
  for (const text of [
    "alice bob@example.test",
    "a@x.test b@y.test",
    "<a@x.test> <b@y.test>",
    "<a@x.test> b@y.test",
    "<a@x.test",
    "a@x.test>",
    "<>",
    '"a@x.test',
    "(a@x.test",
    "<a b@x.test>",
    "a@b@c.test",
    "a@x.test RCPT TO: <b@x.test>",
    "a@x.test: b@x.test;",
    "=?utf-8?q?a=40evil.test?=@x.test",
    "=?utf-8?q?a=40evil.test,?=@x.test",
    "=?utf-8?q?Doe,_Jane?=",
    "=?utf-8?q?Doe, Jane?= <jane@x.test>",
    ":include:/etc/x",
    "include::/etc/x",
    "a@[192.0.2.1",
    "a@[192.0.2.1, b@x.test]",
    "a@[192.0.2.1]b",
    "j\xe9@x.test",
  ]) {
    assert.throws(
      () => addresses(text),
      (error) => error instanceof CommandError && error.code === "CLI_INPUT",
      text,
    );
  }
});

test("any text gives addresses or a CommandError, even if it is long or deep", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>@,;:()"\\ ab\r\n\t'.split("")) }), (text) => {
      try {
        for (const { start, end } of parseAddressList(text, "To")) assert.ok(start < end);
      } catch (error) {
        assert.ok(error instanceof CommandError, String(error));
      }
    }),
  );
  assert.equal(addresses("a@x.test,".repeat(100_000)).length, 100_000);
  assert.deepEqual(addresses(`${"(".repeat(100_000)}${")".repeat(100_000)}`), []);
});
