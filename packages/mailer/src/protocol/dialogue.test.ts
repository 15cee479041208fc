import assert from "node:assert/strict";
import { test } from "node:test";
import { converse } from "./conversation.test.ts";
import { ask } from "./dialogue.ts";
import { quit } from "./quit.ts";
import { reset } from "./reset.ts";

test("a dialogue that is resumed without a reply is a bug that shows", () => {
  assert.throws(() => converse(ask({ verb: "NOOP" }), []), TypeError);
});

test("QUIT is over whatever comes back", () => {
  for (const code of ["221 bye", "500 what", "421 closing"]) assert.deepEqual(converse(quit(), [code]).said, ["QUIT"]);
});

test("RSET answered by 250 leaves nothing, and by anything else nobody knows what", () => {
  assert.deepEqual(converse(reset("mx.example:587"), ["250 ok"]).said, ["RSET"]);
  for (const code of ["251 ok", "421 closing", "500 what", "503 no"]) {
    assert.throws(() => converse(reset("mx.example:587"), [code]), { code: "MAIL_PROTOCOL_UNEXPECTED_REPLY" });
  }
});
