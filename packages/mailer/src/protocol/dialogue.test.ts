import assert from "node:assert/strict";
import { test } from "node:test";
import { converse } from "./conversation.test.ts";
import { ask } from "./dialogue.ts";
import { quit } from "./quit.ts";

test("a dialogue that is resumed without a reply is a bug that shows", () => {
  assert.throws(() => converse(ask({ verb: "NOOP" }), []), TypeError);
});

test("QUIT is over whatever comes back", () => {
  for (const code of ["221 bye", "500 what", "421 closing"]) assert.deepEqual(converse(quit(), [code]).said, ["QUIT"]);
});
