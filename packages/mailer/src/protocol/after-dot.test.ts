/** An envelope that is pipelined after a final dot that has no answer yet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converse, offer, prepared } from "./conversation.test.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Transacted } from "./ledger.ts";
import { transact } from "./transaction.ts";

const envelope = "RSET\nMAIL FROM:<s@x.example> SIZE=17\nRCPT TO:<a@x.example>\nDATA";

function afterDot(pushedBack: () => void): Dialogue<Transacted> {
  const offered = offer("PIPELINING", "SIZE 10000");
  return transact({
    message: prepared(["a@x.example"]),
    offered,
    peer: "mx.example:587",
    resetFirst: true,
    pushedBack,
  });
}

test("a server that answers 503 to all of an envelope took none of it: it is sent again, and the server is remembered", () => {
  let calls = 0;
  const { said, result } = converse(
    afterDot(() => (calls += 1)),
    ["503 no", "503 no", "503 no", "503 no"],
    ["250 flushed", "250 ok", "250 ok", "354 go"],
    ["250 queued"],
  );
  assert.deepEqual(said, [envelope, envelope, "(message)"]);
  assert.deepEqual([result.recipients[0]?.outcome, calls], ["accepted", 1]);
});

test("a server that takes the envelope gets it once", () => {
  let calls = 0;
  const { said } = converse(
    afterDot(() => (calls += 1)),
    ["250 flushed", "250 ok", "250 ok", "354 go"],
    ["250 queued"],
  );
  assert.deepEqual([said.length, calls], [2, 0]);
});

for (const replies of [
  ["503 no", "250 ok", "250 ok", "354 go"],
  ["503 no", "503 no", "503 no", "354 go"],
  ["503 no", "503 no", "550 no", "503 no"],
]) {
  test(`a part of an envelope taken after a final dot is out of step: unsent, and the connection ends (${replies.join(", ")})`, () => {
    const { result } = converse(
      afterDot(() => assert.fail("it is not remembered")),
      replies,
    );
    assert.deepEqual([result.recipients[0]?.outcome, result.leaves], ["unsent", "dead-connection"]);
  });
}

test("503 to the envelope a second time, when nothing is unanswered before it, is out of step", () => {
  const all503 = ["503 no", "503 no", "503 no", "503 no"];
  const { result } = converse(
    afterDot(() => {}),
    all503,
    all503,
  );
  assert.deepEqual([result.recipients[0]?.outcome, result.leaves], ["unsent", "dead-connection"]);
});

test("503 to RSET is out of step if nothing was unanswered before it", () => {
  const offered = offer("PIPELINING", "SIZE 10000");
  const dialogue = transact({ message: prepared(["a@x.example"]), offered, peer: "mx.example:587", resetFirst: true });
  const { result } = converse(dialogue, ["503 no", "503 no", "503 no", "503 no"]);
  assert.equal(result.leaves, "dead-connection");
});
