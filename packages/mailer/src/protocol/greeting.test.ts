import assert from "node:assert/strict";
import { test } from "node:test";
import { reply } from "./conversation.test.ts";
import { judgeGreeting } from "./greeting.ts";

test("after a greeting of 220 the session goes on, with or without a text", () => {
  judgeGreeting(reply("220 mx.example ESMTP"), "mx.example:587");
  judgeGreeting(reply("220"), "mx.example:587");
  judgeGreeting(reply("220-mx.example\n220 no spam"), "mx.example:587");
});

for (const [code, disposition] of [
  ["421", "retry"],
  ["454", "retry"],
  ["554", "give-up"],
  ["250", "give-up"],
  ["354", "give-up"],
] as const) {
  test(`a greeting of ${code} is refused (${disposition})`, () => {
    assert.throws(() => judgeGreeting(reply(`${code} not \x1b[2J now`), "mx.example:587"), {
      name: "ProtocolError",
      code: "MAIL_GREETING_REFUSED",
      disposition,
      evidence: "not \\x1b[2J now",
    });
  });
}
