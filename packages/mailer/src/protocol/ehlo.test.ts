import assert from "node:assert/strict";
import { test } from "node:test";
import { converse } from "./conversation.test.ts";
import { ehlo } from "./ehlo.ts";

test("EHLO is sent once, and its reply gives the capabilities", () => {
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
  test(`EHLO answered by ${code} ends the session: no HELO follows`, () => {
    const dialogue = ehlo("client.example", "mx.example:587");
    // There is only one answer: if a second command followed, `converse` would throw.
    assert.throws(() => converse(dialogue, [`${code} try HELO`]), {
      name: "ProtocolError",
      code: "MAIL_EHLO_REFUSED",
      disposition,
      evidence: "try HELO",
    });
    assert.equal(dialogue.next([]).done, true);
  });
}
