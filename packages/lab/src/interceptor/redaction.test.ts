/** Which parts of a command and of a reply are shown, and which are only counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf, counted, parseCommand } from "./redaction.ts";

for (const [line, verb, shown] of [
  ["EHLO client.example\r\n", "EHLO", "EHLO client.example\r\n"],
  ["mail FROM:<a@x> SIZE=3\n", "MAIL", "mail FROM:<a@x> SIZE=3\r\n"],
  ["AUTH PLAIN AGEAYg==\r\n", "AUTH", "AUTH PLAIN [8 octets, readable]\r\n"],
  ["auth login\r\n", "AUTH", "AUTH LOGIN\r\n"],
  ["AUTH\r\n", "AUTH", "AUTH\r\n"],
  ["AUTH AGEAYg==\r\n", "AUTH", "AUTH [8 octets, readable]\r\n"],
  ["AUTH SECRET-WORD x\r\n", "AUTH", "AUTH [13 octets, readable]\r\n"],
  ["QUIT\r\n", "QUIT", "QUIT\r\n"],
  ["QUIT secret\r\n", "QUIT", "QUIT [6 octets, readable]\r\n"],
  ["AGEAYg==\r\n", "", "[8 octets, readable]\r\n"],
  ["EHLO\tsecret\r\n", "", "[11 octets, readable]\r\n"],
  [" AUTH PLAIN AGEAYg==\r\n", "", "[20 octets, readable]\r\n"],
  ["NOOP secret\r\n", "NOOP", "NOOP [6 octets, readable]\r\n"],
  ["VRFY secret\r\n", "VRFY", "VRFY [6 octets, readable]\r\n"],
  ["EXPN secret\r\n", "EXPN", "EXPN [6 octets, readable]\r\n"],
  ["help AUTH PLAIN x\r\n", "HELP", "HELP [12 octets, readable]\r\n"],
  ["XCLIENT NAME=secret", "", "[19 octets, readable]\r\n"],
] as const)
  test(`only harmless parts of ${JSON.stringify(line)} are shown`, () => {
    const command = parseCommand(Buffer.from(line));
    assert.deepEqual([command.verb, command.shown], [verb, shown]);
  });

for (const [reply, shown] of [
  ["334 VXNlcm5hbWU6\r\n", "334 [12 octets, readable]\r\n"],
  ["235 2.7.0 Accepted\r\n", "235 2.7.0 [8 octets, readable]\r\n"],
  ["535 5.7.8\r\n", "535 5.7.8\r\n"],
  ["535-5.7.8 one\r\n535 5.7.8 two\r\n", "535-5.7.8 [18 octets, readable]\r\n"],
  ["5.7.8 secret\r\n", "[12 octets, readable]\r\n"],
] as const)
  test(`only the codes of ${JSON.stringify(reply)} are shown`, () => {
    assert.equal(codesOf(Buffer.from(reply)), shown);
  });

test("a count of one is singular, and large counts have separators", () => {
  assert.equal(counted(1), "[1 octet, readable]");
  assert.equal(counted(1_234_567, "sealed"), "[1,234,567 octets, sealed]");
});
