import assert from "node:assert/strict";
import { test } from "node:test";
import { headersOf } from "./message.ts";
import { pathIn } from "./transaction.ts";

test("MAIL and RCPT name a path and parameters", () => {
  assert.deepEqual(pathIn("MAIL FROM:<>", false), { address: "", parameters: [] });
  assert.deepEqual(pathIn("mail from:<a@x.example> SIZE=5 BODY=8BITMIME", false), {
    address: "a@x.example",
    parameters: ["SIZE=5", "BODY=8BITMIME"],
  });
  assert.deepEqual(pathIn('RCPT TO:<"a>b"@x.example> NOTIFY=SUCCESS,DELAY', false), {
    address: '"a>b"@x.example',
    parameters: ["NOTIFY=SUCCESS,DELAY"],
  });
});

const refused: readonly (readonly [command: string, code: string])[] = [
  ["MAIL FROM: <a@x.example>", "501"],
  ["MAIL FROM:a@x.example", "501"],
  ["RCPT TO:<a@x.example", "501"],
  ["RCPT TO:<a@x.example>NOTIFY=NEVER", "501"],
  ["RCPT TO:<a@x.example> SIZE=5", "555"],
  ["MAIL FROM:<a@x.example> SIZE=many", "555"],
  ["MAIL FROM:<jürgen@x.example>", "553"],
  ["RCPT TO:<jürgen@x.example>", "553"],
];
for (const [command, code] of refused) {
  test(`${command} is answered ${code}`, () => {
    const answer = pathIn(command, false);
    assert.equal(typeof answer === "string" ? answer.slice(0, 3) : "a path", code);
  });
}

test("what is not ASCII is taken if SMTPUTF8 was asked for", () => {
  assert.equal(typeof pathIn("MAIL FROM:<jürgen@x.example> SMTPUTF8", false), "object");
  assert.equal(typeof pathIn("RCPT TO:<jürgen@x.example>", true), "object");
});

test("header fields are unfolded and named in lower case, and none is read from the body", () => {
  const raw = Buffer.from("Subject: a\r\n long one\r\nX-A: 1\r\nx-a: 2\r\nno field\r\n\r\nTo: nobody\r\n");
  assert.deepEqual(
    [...headersOf(raw)],
    [
      ["subject", ["a long one"]],
      ["x-a", ["1", "2"]],
    ],
  );
});
