import assert from "node:assert/strict";
import { test } from "node:test";
import { converse } from "./conversation.test.ts";
import type { Body } from "./command.ts";
import { ask, linesOf } from "./dialogue.ts";
import { quit } from "./quit.ts";

test("resuming a dialogue without a reply throws", () => {
  assert.throws(() => converse(ask({ verb: "NOOP" }), []), TypeError);
});

test("a step is written as its commands, in order, without the body", () => {
  const body: Body = { verb: "BODY", framing: "dot", content: undefined, eightBit: true };
  assert.equal(linesOf([{ verb: "DATA" }, body, { verb: "RSET" }]), "DATA\r\nRSET\r\n");
  assert.equal(linesOf([]), "");
});

test("QUIT ends after any reply", () => {
  for (const code of ["221 bye", "500 what", "421 closing"]) assert.deepEqual(converse(quit(), [code]).said, ["QUIT"]);
});
