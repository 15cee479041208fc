import assert from "node:assert/strict";
import { test } from "node:test";
import { converse } from "./conversation.test.ts";
import { ehlo } from "./ehlo.ts";

test("EHLO is said once, and its reply is what the server can do", () => {
  const { said, result } = converse(ehlo("client.example", "mx.example:587"), ["250-mx.example\n250 CHUNKING"]);
  assert.deepEqual(said, ["EHLO client.example"]);
  assert.deepEqual(result.keywords, ["CHUNKING"]);
});

for (const [code, disposition] of [
  ["502", "give-up"],
  ["500", "give-up"],
  ["554", "give-up"],
  ["421", "retry"],
  ["451", "retry"],
  ["251", "give-up"],
  ["354", "give-up"],
] as const) {
  test(`EHLO answered by ${code} is the end: no HELO is said`, () => {
    const dialogue = ehlo("client.example", "mx.example:587");
    // One answer is all that it takes: a second command would make the conversation go on.
    assert.throws(() => converse(dialogue, [`${code} try HELO`]), {
      name: "ProtocolError",
      code: "MAIL_EHLO_REFUSED",
      disposition,
      evidence: "try HELO",
    });
    assert.equal(dialogue.next([]).done, true);
  });
}
