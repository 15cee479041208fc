import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../errors/input-error.ts";
import { parseServerName } from "./server-name.ts";

for (const [host, name] of [
  ["mail.example.com", "mail.example.com"],
  ["MAIL.Example.COM", "mail.example.com"],
  ["mail.example.com.", "mail.example.com"],
  ["localhost", "localhost"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["MüNCHEN.example.", "xn--mnchen-3ya.example"],
  ["xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
  ["straße.example", "xn--strae-oqa.example"],
  ["3com.example", "3com.example"],
  ["_smtp.example.com", "_smtp.example.com"],
  [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
] as const) {
  test(`${host} is the name ${name}`, () => {
    assert.deepEqual(parseServerName(host, "server"), { kind: "dns", name });
  });
}

for (const [host, name] of [
  ["192.0.2.1", "192.0.2.1"],
  ["[2001:DB8::1]", "2001:db8::1"],
  ["2001:db8:0:0::1", "2001:db8::1"],
  ["::1", "::1"],
  ["::ffff:192.0.2.1", "::ffff:c000:201"],
] as const) {
  test(`${host} is the address ${name}`, () => {
    assert.deepEqual(parseServerName(host, "server"), { kind: "ip", name });
  });
}

const refused: readonly string[] = [
  "",
  ".",
  ".example.com",
  "mail..example.com",
  "mail.example.com..",
  "mail example.com",
  " mail.example.com",
  "mail.example.com\n",
  "mail.example.com\0.evil.example",
  "mail.example.com\r\n",
  "mail.example.com/x",
  "mail.example.com:587",
  "user@mail.example.com",
  "-mail.example.com",
  "mail-.example.com",
  "*.example.com",
  "mail%2eexample.com",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(127)}ab`,
  // A parser that cleans up would turn these into other names.
  "münchen.example/x",
  "münchen.example#x",
  "münchen.example\\x",
  "münchen.example?x",
  "münchen.example:25",
  "ü%41.example",
  "ü@mail.example",
  "mail\u00ad.example",
  "mail\u200b.example",
  "ｍａｉｌ.example",
  "mai\u212a.example",
  "MÜNCHEN.example",
  "mu\u0308nchen.example",
  "mail．example.com",
  "mail。example.com",
  "mü nchen.example",
  // Not addresses, but a resolver would accept them as such.
  "127.1",
  "0x7f.0.0.1",
  "0x7f000001",
  "2130706433",
  "256.0.0.1",
  "192.0.2.01",
  "192.0.2.1.",
  "1.2.3.4.5",
  "[192.0.2.1]",
  "[mail.example.com]",
  "[]",
  "[::1",
  "::1]",
  "fe80::1%eth0",
  ":::1",
  "1:2:3:4:5:6:7:8:9",
  "::g",
];
for (const host of refused) {
  test(`${JSON.stringify(host)} is refused as a server`, () => {
    assert.throws(() => parseServerName(host, "server.host"), {
      name: "InputError",
      code: "MAIL_INPUT_URL",
      field: "server.host",
    });
  });
}

test("a refused host is escaped in its error", () => {
  assert.throws(
    () => parseServerName("a\x1b[2Jb", "server"),
    (error) => error instanceof InputError && error.message.includes("a\\x1b[2Jb"),
  );
});
