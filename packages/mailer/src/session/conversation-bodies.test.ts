/** The body of a message, while it is written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AbortedError } from "../errors/aborted-error.ts";
import { InputError } from "../errors/input-error.ts";
import { type Content, limited } from "../message/content.ts";
import { openChannel, ScriptedStream, sealed, timers } from "../net/scripted-stream.test.ts";
import { offer, prepared } from "../protocol/conversation.test.ts";
import { type Dialogue } from "../protocol/dialogue.ts";
import type { Transacted } from "../protocol/ledger.ts";
import { transact } from "../protocol/transaction.ts";
import { bodyOf, chunks, drive, outcomeOf, peer, send, streamed, timeouts, written } from "./sending.test.ts";

test("a streamed message by DATA is stuffed, ends with the dot, and is accepted", async () => {
  const { stream, channel, result } = await send(streamed(() => chunks("a\r", "\n", ".b\r\n")));
  await written(stream, "\r\n.\r\n");
  stream.say("250 queued\r\n");
  assert.equal(outcomeOf(await result), "accepted");
  assert.equal(bodyOf(stream), "a\r\n..b\r\n.\r\n");
  channel.fail(undefined);
});

test("a message by BDAT has its size before it and no dot after it", async () => {
  const { stream, channel, result } = await send(
    streamed(() => chunks("a\r\n", ".b\r\n"), 7),
    { keywords: ["PIPELINING", "CHUNKING"] },
  );
  await written(stream, ".b\r\n");
  stream.say("250 queued\r\n");
  assert.equal(outcomeOf(await result), "accepted");
  assert.equal(bodyOf(stream), "BDAT 7 LAST\r\na\r\n.b\r\n");
  channel.fail(undefined);
});

test("a large message in memory goes at the pace of the connection, and its progress is reported", async () => {
  const part = "x\r\n".repeat(70_000 / 3);
  const reported: (readonly [number, number | undefined])[] = [];
  const { stream, channel, result } = await send(
    {
      put: (target, at) => at + target.write(part.repeat(3), at),
      size: part.length * 3,
      open: (limits) => limited(chunks(part, part, part), false, limits),
    },
    { progress: (sent, total) => reported.push([sent, total]) },
  );
  await written(stream, "\r\n.\r\n");
  stream.say("250 queued\r\n");
  assert.equal(outcomeOf(await result), "accepted");
  assert.equal(bodyOf(stream), `${part.repeat(3)}.\r\n`);
  assert.deepEqual(
    reported,
    [1, 2, 3].map((parts) => [part.length * parts, part.length * 3]),
  );
  channel.fail(undefined);
});

const broken: readonly (readonly [string, Partial<Content>, RegExp])[] = [
  ["a source that fails", streamed(failing), /source failed/],
  ["a source that fails after its last octet", streamed(failing, 3), /source failed/],
  ["a source that gives fewer octets than it promised", streamed(() => chunks("a\r\n"), 4), /fewer octets/],
  ["a source that gives more octets than it promised", streamed(() => chunks("a\r\n", "b\r\n"), 3), /more octets/],
  [
    "a source that gives more octets after an empty chunk",
    streamed(() => chunks("a\r\n", "", "b\r\n"), 3),
    /more octets/,
  ],
  ["a source that gives nothing", streamed(() => chunks(), 3), /fewer octets/],
];
for (const [name, content, message] of broken) {
  // Without a size there is no BDAT.
  for (const keywords of content.size === undefined ? [["PIPELINING"]] : [["PIPELINING"], ["PIPELINING", "CHUNKING"]]) {
    test(`${name} never gets its last octet out (${keywords.join(", ")})`, async () => {
      const before = timers();
      const { stream, channel, result } = await send(content, { keywords });
      const { recipients, failure, leaves } = await result;
      assert.deepEqual([recipients[0]?.outcome, leaves], ["unsent", "dead-connection"]);
      assert.ok(failure instanceof InputError && message.test(failure.message), String(failure));
      assert.ok(!stream.written.endsWith(".\r\n"), "a final dot");
      const [, announced, begun = ""] = /^BDAT (\d+) LAST\r\n([^]*)$/.exec(bodyOf(stream)) ?? [];
      assert.ok(announced === undefined || begun.length < Number(announced), "the whole of a BDAT");
      assert.ok(stream.destroyed && !channel.isOpen);
      await new Promise(setImmediate);
      assert.equal(timers(), before);
    });
  }
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("a\r\n");
  throw new Error("disk on fire");
}

/** A source that reports when it is asked for more, and yields it once `give` is called. */
function paced(): {
  readonly source: () => AsyncGenerator<Uint8Array>;
  readonly give: () => void;
  readonly asked: Promise<void>;
} {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a\r\n");
    yield Buffer.from("b\r\n");
    asked.resolve();
    await gate.promise;
    yield Buffer.from("c\r\n");
  }
  return { source, give: () => gate.resolve(), asked: asked.promise };
}

for (const [code, outcome] of [
  ["552 too large", "refused"],
  ["451 later", "deferred"],
  ["421 closing", "deferred"],
  ["250 queued", "unsent"],
] as const) {
  test(`${code.slice(0, 3)} in the middle of a streamed message ends the connection: ${outcome}, and no dot follows`, async () => {
    const { source, give, asked } = paced();
    const { stream, channel, result } = await send(streamed(source));
    await asked;
    stream.say(`${code}\r\n`);
    const found = await result;
    give();
    assert.deepEqual([outcomeOf(found), found.leaves], [outcome, "dead-connection"]);
    assert.ok(stream.destroyed && !channel.isOpen);
    await new Promise(setImmediate);
    assert.equal(bodyOf(stream), "a\r\n");
  });
}

test("an abort in the middle of a streamed message is unsent, and no dot follows", async () => {
  const { source, give, asked } = paced();
  const abort = new AbortController();
  const before = timers();
  const { stream, result } = await send(streamed(source), { signal: abort.signal });
  await asked;
  const reason = new Error("never mind");
  abort.abort(reason);
  const { recipients, failure } = await result;
  give();
  await new Promise(setImmediate);
  assert.deepEqual([recipients[0]?.outcome, bodyOf(stream)], ["unsent", "a\r\n"]);
  assert.ok(failure instanceof AbortedError && failure.cause === reason);
  await new Promise(setImmediate);
  assert.equal(timers(), before);
});

test("a reply that comes before the write of the last octet returns answers the whole message", async () => {
  class Instant extends ScriptedStream {
    override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
      super._write(chunk, encoding, done);
      if (this.written.endsWith("\r\n.\r\n")) this.say("250 queued\r\n");
    }
  }
  const { stream, channel } = await openChannel(sealed, new Instant());
  const message = prepared(
    ["a@x.example"],
    streamed(() => chunks("a\r\n", "b\r\n")),
  );
  const result = drive(transact({ message, offered: offer("PIPELINING"), peer, resetFirst: false }), channel, {
    timeouts,
  });
  stream.say("250 ok\r\n250 ok\r\n354 go\r\n");
  assert.equal(outcomeOf(await result), "accepted");
  assert.ok(channel.isOpen);
  channel.fail(undefined);
});

test("after an abort once the final dot is written, the message is unknown", async () => {
  const abort = new AbortController();
  const { stream, result } = await send(
    streamed(() => chunks("a\r\n")),
    { signal: abort.signal },
  );
  await written(stream, ".\r\n");
  abort.abort(new Error("never mind"));
  assert.equal(outcomeOf(await result), "unknown");
});

test("if the connection is lost in the middle the message is unsent; after the dot it is unknown", async () => {
  const { source, give, asked } = paced();
  const middle = await send(streamed(source));
  await asked;
  middle.stream.hangUp();
  assert.equal(outcomeOf(await middle.result), "unsent");
  give();
  const after = await send(streamed(() => chunks("a\r\n")));
  await written(after.stream, ".\r\n");
  after.stream.hangUp();
  assert.equal(outcomeOf(await after.result), "unknown");
});

test("if the final reply does not come in time, the message is unknown", async () => {
  const { result } = await send(
    streamed(() => chunks("a\r\n")),
    { timeouts: { finalReply: 5 } },
  );
  const { recipients, failure } = await result;
  assert.equal(recipients[0]?.outcome, "unknown");
  assert.ok(failure instanceof Error && "code" in failure && failure.code === "MAIL_NETWORK_TIMEOUT");
});

test("a peer that reads nothing holds up nobody: the message is unsent", async () => {
  const before = timers();
  const { source, give } = paced();
  const { stream, result } = await send(
    streamed(async function* () {
      yield Buffer.alloc(4096, "x");
      yield* source();
    }),
    { timeouts: { body: 10 } },
  );
  stream.stalled = true;
  const { recipients, failure } = await result;
  await new Promise(setImmediate);
  assert.equal(timers(), before);
  give();
  assert.equal(recipients[0]?.outcome, "unsent");
  assert.ok(failure instanceof Error && "phase" in failure && failure.phase === "body");
});

test("a source that never answers is given up, and leaves no timer", async () => {
  const before = timers();
  const { result } = await send(
    streamed(() => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) })),
    { timeouts: { body: 10 } },
  );
  const { recipients, failure } = await result;
  assert.equal(recipients[0]?.outcome, "unsent");
  assert.ok(failure instanceof Error && "code" in failure && failure.code === "MAIL_NETWORK_TIMEOUT");
  await new Promise(setImmediate);
  assert.equal(timers(), before);
});

test("if progress throws, the send ends with an error that says so: no dot, and nothing of a small message", async () => {
  const bug = new Error("a bug of the caller");
  const progress = (): void => {
    throw bug;
  };
  for (const content of [streamed(() => chunks("a\r\n")), {}]) {
    const { stream, result } = await send(content, { progress });
    const { recipients, failure } = await result;
    assert.equal(recipients[0]?.outcome, "unsent");
    assert.ok(failure instanceof InputError && failure.field === "progress" && failure.cause === bug);
    assert.ok(stream.destroyed && !stream.written.endsWith(".\r\n"));
  }
});

test("a message that no recipient was accepted for is not shown: only the final dot goes out", async () => {
  const { stream, channel } = await openChannel();
  const dialogue: Dialogue<Transacted> = transact({
    message: prepared(["a@x.example"]),
    offered: offer("PIPELINING"),
    peer,
    resetFirst: false,
  });
  const sending = drive(dialogue, channel, { timeouts });
  stream.say("250 ok\r\n550 no\r\n354 go\r\n");
  assert.equal(bodyOf(stream), ".\r\n");
  stream.say("250 queued\r\n");
  assert.equal(outcomeOf(await sending), "refused");
  channel.fail(undefined);
});
