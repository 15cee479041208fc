/** When a message goes ahead of its envelope's replies, and what stops a transaction before it begins. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Capabilities } from "./capabilities.ts";
import { offer, prepared } from "./conversation.test.ts";
import { transact } from "./transaction.ts";

const peer = "mx.example:587";
const chunking = offer("PIPELINING", "CHUNKING", "SIZE 10000");

/** The verbs of the first step: with BODY, the message goes ahead of its envelope's replies. */
function firstStep(offered: Capabilities, content: Parameters<typeof prepared>[1]): string {
  const dialogue = transact({ message: prepared(["a@x.example"], content), offered, peer, resetFirst: false });
  const step = dialogue.next([]);
  assert.ok(step.done !== true);
  return String(step.value.map(({ verb }) => verb));
}

test("a message of 192 KiB goes ahead of its envelope's replies, and one octet more waits for them", () => {
  const large = offer("PIPELINING", "CHUNKING", "SIZE 1000000");
  assert.equal(firstStep(large, { size: 192 * 1024 }), "MAIL,RCPT,BODY");
  assert.equal(firstStep(large, { size: 192 * 1024 + 1 }), "MAIL,RCPT");
});

test("no message goes ahead if the server names no SIZE in numbers, or if it is not in memory", () => {
  for (const size of [[], ["SIZE"], ["SIZE 0"]])
    assert.equal(firstStep(offer("PIPELINING", "CHUNKING", ...size), {}), "MAIL,RCPT");
  assert.equal(firstStep(chunking, { put: undefined }), "MAIL,RCPT");
});

test("a message whose size only reading shows goes by DATA, since BDAT says the size first", () => {
  assert.equal(firstStep(chunking, { put: undefined, size: undefined }), "MAIL,RCPT,DATA");
});

test("if the server cannot take the message, the transaction throws before the first command", () => {
  for (const [content, offered] of [
    [{ eightBit: true }, chunking],
    [{ size: 10_001 }, chunking],
  ] as const) {
    const dialogue = transact({ message: prepared(["a@x.example"], content), offered, peer, resetFirst: false });
    assert.throws(() => dialogue.next([]), { name: "CapabilityError" });
  }
});
