import assert from "node:assert/strict";
import { test } from "node:test";
import { AbortedError } from "../errors/aborted-error.ts";
import { InputError } from "../errors/input-error.ts";
import { openChannel, ScriptedStream, sealed } from "../net/scripted-stream.test.ts";
import { offer, prepared } from "../protocol/conversation.test.ts";
import { ask } from "../protocol/dialogue.ts";
import { ehlo } from "../protocol/ehlo.ts";
import { transact } from "../protocol/transaction.ts";
import { drive, outcomeOf, peer, timeouts } from "./sending.test.ts";

test("a dialogue is resumed in the tick of its reply", async () => {
  const { stream, channel } = await openChannel();
  const capabilities = drive(ehlo("[127.0.0.1]", peer), channel, { timeouts });
  assert.equal(stream.written, "EHLO [127.0.0.1]\r\n");
  stream.say("250-mx.example\r\n250 SIZE\r\n");
  assert.deepEqual((await capabilities).keywords, ["SIZE"]);
  channel.fail(undefined);
});

test("a step of several commands is one write", async () => {
  const writes: number[] = [];
  class Counting extends ScriptedStream {
    override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
      writes.push(chunk.length);
      super._write(chunk, encoding, done);
    }
  }
  const { stream, channel } = await openChannel(sealed, new Counting());
  const offered = offer("PIPELINING", "CHUNKING", "SIZE 1000");
  const result = drive(transact({ message: prepared(["a@x.example"]), offered, peer, resetFirst: true }), channel, {
    timeouts,
  });
  assert.equal(
    stream.written,
    "RSET\r\nMAIL FROM:<s@x.example> SIZE=17\r\nRCPT TO:<a@x.example>\r\nBDAT 17 LAST\r\nSubject: x\r\n\r\nx\r\n",
  );
  assert.equal(writes.length, 1);
  stream.say("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n");
  assert.equal(outcomeOf(await result), "accepted");
  channel.fail(undefined);
});

test("a command that may not be sent rejects, and nothing of it is written", async () => {
  const { stream, channel } = await openChannel();
  await assert.rejects(drive(ask({ verb: "VRFY", argument: "a\r\nQUIT" }), channel, { timeouts }), InputError);
  assert.equal(stream.written, "");
  assert.ok(channel.isOpen);
  channel.fail(undefined);
});

test("a dialogue that throws rejects with what it threw, and one that is cut off with the cause", async () => {
  const { stream, channel } = await openChannel();
  const refused = drive(ehlo("[127.0.0.1]", peer), channel, { timeouts });
  stream.say("502 no\r\n");
  await assert.rejects(refused, { code: "MAIL_EHLO_REFUSED" });
  const cut = drive(ask({ verb: "NOOP" }), channel, { timeouts });
  const cause = new Error("reset");
  channel.fail(cause);
  await assert.rejects(cut, cause);
});

test("a small message on a channel that is over already is not handed over", async () => {
  const { stream, channel } = await openChannel();
  const offered = offer("PIPELINING", "CHUNKING", "SIZE 1000");
  channel.fail(new Error("over"));
  const result = await drive(
    transact({ message: prepared(["a@x.example"]), offered, peer, resetFirst: false }),
    channel,
    { timeouts },
  );
  assert.deepEqual([outcomeOf(result), stream.written], ["unsent", ""]);
});

test("if the signal is aborted already, nothing is written at all", async () => {
  const { stream, channel } = await openChannel();
  const cause = new Error("never mind");
  const signal = AbortSignal.abort(cause);
  await assert.rejects(drive(ask({ verb: "NOOP" }), channel, { timeouts, signal }), { code: "MAIL_ABORTED", cause });
  assert.equal(stream.written, "");
  assert.ok(channel.isOpen);
  channel.fail(undefined);
});

test("an abort ends the channel: a conversation cannot be left in the middle", async () => {
  const { stream, channel } = await openChannel();
  const abort = new AbortController();
  const cause = new Error("never mind");
  const asked = drive(ask({ verb: "NOOP" }), channel, { timeouts, signal: abort.signal });
  abort.abort(cause);
  await assert.rejects(asked, { code: "MAIL_ABORTED", cause });
  assert.ok(stream.destroyed && !channel.isOpen);
});

test("an abort after the end of a dialogue does not touch the channel", async () => {
  const { stream, channel } = await openChannel();
  const abort = new AbortController();
  const asked = drive(ask({ verb: "NOOP" }), channel, { timeouts, signal: abort.signal });
  stream.say("250 ok\r\n");
  await asked;
  abort.abort();
  assert.ok(channel.isOpen);
  channel.fail(undefined);
});

test("after an abort in the envelope the message is unsent; after an abort once it is written, unknown", async () => {
  for (const [keywords, outcome] of [
    [["PIPELINING"], "unsent"],
    [["PIPELINING", "CHUNKING", "SIZE 1000"], "unknown"],
  ] as const) {
    const { stream, channel } = await openChannel();
    const abort = new AbortController();
    const dialogue = transact({
      message: prepared(["a@x.example"]),
      offered: offer(...keywords),
      peer,
      resetFirst: false,
    });
    const sending = drive(dialogue, channel, { timeouts, signal: abort.signal });
    stream.say("250 ok\r\n");
    const reason = new Error("never mind");
    abort.abort(reason);
    const result = await sending;
    assert.ok(result.failure instanceof AbortedError && result.failure.cause === reason);
    assert.deepEqual([outcomeOf(result), result.leaves], [outcome, "dead-connection"]);
  }
});
