import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Ending } from "../protocol/dialogue.ts";
import { openChannel, ScriptedStream, sealed, timers } from "./scripted-stream.test.ts";
import { ask, ended, step, type Heard } from "./asking.test.ts";

test("a step has its replies in the tick of the last one", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("MAIL", "RCPT"));
  stream.say("250 ok\r\n");
  assert.deepEqual(heard.done, []);
  stream.say("550 no\r\n");
  assert.deepEqual(heard.done, [[250, 550]]);
  assert.equal(stream.written, "MAIL FROM:<s@x.example>\r\nRCPT TO:<r@x.example>\r\n");
  channel.fail(undefined);
});

test("replies go to the waits in the order in which they asked", async () => {
  const { stream, channel } = await openChannel();
  const [first, second] = [ask(channel, step("NOOP")), ask(channel, step("HELP"))];
  stream.say("250 a\r\n251 b\r\n");
  assert.deepEqual([first.done, second.done], [[[250]], [[251]]]);
  channel.fail(undefined);
});

test("a reply that nobody waits for ends the channel", async () => {
  const { stream, channel } = await openChannel();
  stream.say("250 ok\r\n");
  assert.equal(channel.isOpen, false);
  assert.ok(stream.destroyed);
  assert.equal(ask(channel, step("NOOP")).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
  assert.equal(stream.written, "", "nothing is said to a channel that is over");
});

test("two replies to one command in one segment end the channel, and neither is believed", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("MAIL"));
  stream.say("250 ok\r\n250 ok\r\n");
  assert.deepEqual(heard, {
    done: [],
    lost: [
      {
        code: "MAIL_PROTOCOL_UNSOLICITED_REPLY",
        message: 'Unsolicited. It said: "250 ok"',
        before: [],
      },
    ],
    written: ["all"],
  });
  assert.equal(ask(channel, step("RCPT")).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a refusal that cannot be one of RSET shows a surplus reply: nothing that was read with it is believed", async () => {
  for (const [refusal, isBelieved] of [
    ["550 no", false],
    ["250 flushed", true],
    ["421 closing", true],
    // Some servers answer this to everything after a final dot.
    ["503 no", true],
  ] as const) {
    const { stream, channel } = await openChannel();
    const first = ask(channel, step("MAIL", "dot"));
    ask(channel, step("RSET", "MAIL"));
    stream.say(`250 ok\r\n250 ok, or one too many\r\n${refusal}\r\n`);
    assert.deepEqual([first.done.length, first.lost[0]?.before], isBelieved ? [1, undefined] : [0, []], refusal);
    channel.fail(undefined);
  }
});

test("a greeting that refuses counts even if another greeting comes in the same read; one that serves does not", async () => {
  for (const [said, isDone] of [
    ["421 4.7.1 No client certificate presented\r\n220 mx.example ESMTP\r\n", true],
    ["220 mx.example ESMTP\r\n220 mx.example ESMTP\r\n", false],
  ] as const) {
    const { stream, channel } = await openChannel();
    const heard: (number | undefined)[] = [];
    channel.awaitGreeting({
      timeout: () => 60_000,
      written: () => {},
      done: ([reply]) => void heard.push(reply?.code),
      lost: () => {},
    });
    stream.say(said);
    assert.deepEqual([heard, channel.isOpen], [isDone ? [421] : [], false]);
  }
});

test("a reply that arrives together with another does not answer the command that the other one causes", async () => {
  const { stream, channel } = await openChannel();
  const lost: unknown[] = [];
  channel.exchange(step("EHLO"), {
    written: () => {},
    timeout: () => 60_000,
    done: () => assert.fail("nothing may be said after it"),
    lost: (cause) => void lost.push(cause),
  });
  stream.say("250 mx\r\n250 injected\r\n");
  assert.equal(stream.written, "EHLO c.example\r\n");
  assert.ok(lost[0] instanceof ProtocolError && lost[0].code === "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a reply that began before its command was written is not its answer", async () => {
  const { stream, channel } = await openChannel();
  const first = ask(channel, step("EHLO"));
  stream.say("250 mx\r\n250-inj");
  const second = ask(channel, step("MAIL"));
  stream.say("ected\r\n250 merged\r\n");
  assert.deepEqual(first.done, [[250]]);
  assert.deepEqual(second.done, []);
  assert.equal(second.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a 421 on an idle channel inside TLS closes it quietly: a lost connection, not an attack", async () => {
  const { stream, channel } = await openChannel();
  stream.say("421 4.4.2 idle for too long\r\n");
  assert.equal(channel.isOpen, false);
  const heard = ask(channel, step("NOOP"));
  assert.equal(heard.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.match(heard.lost[0]?.message ?? "", /idle for too long/);
});

test("a 421 after the last reply closes it quietly, even if that reply has caused another command that is not written yet", async () => {
  const { stream, channel } = await openChannel();
  const next: Heard[] = [];
  channel.exchange(step("RCPT"), {
    written: () => {},
    timeout: () => 60_000,
    done: () => {
      channel.gather();
      next.push(ask(channel, step("RSET")));
    },
    lost: () => assert.fail(),
  });
  stream.say("550 no\r\n421 too many errors\r\n");
  await turn();
  assert.equal(next[0]?.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.equal(stream.written, "RCPT TO:<r@x.example>\r\n", "nothing is said to it any more");
});

test("any other unsolicited reply is not excused", async () => {
  const { stream, channel } = await openChannel();
  channel.gather();
  const heard = ask(channel, step("RSET"));
  stream.say("250 injected\r\n");
  assert.equal(heard.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a 421 that began before the command is not excused", async () => {
  const { stream, channel } = await openChannel();
  stream.say("421 4.4");
  const heard = ask(channel, step("NOOP"));
  stream.say(".2 idle\r\n");
  assert.equal(heard.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a malformed reply ends the channel: the first wait gets that error, and the others have lost the connection", async () => {
  const { stream, channel } = await openChannel();
  const [first, second] = [ask(channel, step("MAIL", "RCPT")), ask(channel, step("HELP"))];
  stream.say("250 ok\r\n2200\r\n");
  assert.deepEqual([first.lost[0]?.code, first.lost[0]?.before], ["MAIL_PROTOCOL_MALFORMED_REPLY", [250]]);
  assert.deepEqual([second.lost[0]?.code, second.lost[0]?.before], ["MAIL_NETWORK_LOST", []]);
  assert.match(second.lost[0]?.message ?? "", /another message/);
  assert.ok(stream.destroyed);
});

test("octets that nobody asked for are unsolicited first, malformed or not", async () => {
  const { stream, channel } = await openChannel();
  stream.say("\x15\x03\x01");
  assert.equal(ask(channel, step("NOOP")).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a connection that closes is lost, in the phase of the reply that is due", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("MAIL", "dot"));
  stream.say("250 ok\r\n");
  stream.hangUp();
  await ended(stream);
  assert.deepEqual([heard.lost[0]?.code, heard.lost[0]?.before], ["MAIL_NETWORK_LOST", [250]]);
  assert.match(heard.lost[0]?.message ?? "", /before the answer to the message/);
  assert.equal(heard.lost.length, 1, "it is heard once");
});

test("octets after the last reply are reported: it was not the last thing that the server meant to say", async () => {
  for (const [after, lastWord] of [
    ["", { code: 421, verb: "MAIL" }],
    ["2", undefined],
    ["250-half", undefined],
  ] as const) {
    const { stream, channel } = await openChannel();
    const endings: Ending[] = [];
    channel.exchange(step("MAIL", "RCPT"), {
      timeout: () => 60_000,
      written: () => {},
      done: () => assert.fail(),
      lost: (_cause, _replies, ending) => void endings.push(ending),
    });
    stream.say(`421 closing\r\n${after}`);
    stream.hangUp();
    await ended(stream);
    assert.deepEqual(endings, [{ written: "all", by: "end", lastWord }]);
  }
});

test("the nature of a channel makes the error of a reset", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("MAIL"));
  stream.destroy(new Error("reset"));
  await ended(stream);
  assert.deepEqual([heard.lost[0]?.code, heard.lost[0]?.message], ["MAIL_NETWORK_LOST", "Broken."]);
});

test("a reply that is cut off before its line end does not count", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("dot"));
  stream.say("250 o");
  stream.hangUp();
  await ended(stream);
  assert.deepEqual(heard.done, []);
  assert.equal(heard.lost[0]?.code, "MAIL_NETWORK_LOST");
});

test("a channel that failed leaves no timer, and fails once", async () => {
  const before = timers();
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("NOOP"));
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "first"));
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "second"));
  await ended(stream);
  assert.deepEqual(
    heard.lost.map(({ message }) => message),
    ["first"],
  );
  assert.equal(timers(), before);
});

test("a retired channel keeps the reason why it was retired, whatever ends it", async () => {
  const { stream, channel } = await openChannel();
  ask(channel, step("NOOP"));
  const first = new NetworkError("MAIL_NETWORK_LOST", "command", "first");
  channel.retire(first);
  stream.destroy(new Error("reset"));
  await ended(stream);
  assert.equal(channel.failure, first);
});

test("a failed channel ignores what still arrives", async () => {
  const { stream, channel } = await openChannel();
  const heard: number[] = [];
  channel.exchange(step("NOOP"), {
    written: () => {},
    timeout: () => 60_000,
    done: ([reply]) => {
      heard.push(reply?.code ?? 0);
      channel.fail(new Error("enough"));
    },
    lost: () => assert.fail("it was answered"),
  });
  const second = ask(channel, step("HELP"));
  stream.say("250 a\r\n250 b\r\n");
  assert.deepEqual(heard, [250]);
  assert.deepEqual(second.done, []);
  assert.equal(second.lost[0]?.message, "enough");
});

test("a channel closes in order: what is written goes out first, and every wait ends", async () => {
  const before = timers();
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("QUIT"));
  stream.once("finish", () => stream.hangUp());
  await channel.close();
  await channel.close();
  assert.equal(stream.written, "QUIT\r\n");
  assert.ok(stream.destroyed && stream.writableFinished);
  assert.equal(heard.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.equal(timers(), before);
});

test("closing does not wait for a peer that does not answer our end", async () => {
  const { stream, channel } = await openChannel();
  await channel.close();
  assert.ok(stream.destroyed);
});

test("a stream is handed over without our listeners, and with the octets that nobody used", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("STARTTLS"));
  stream.say("220 go\r\n250-inj");
  assert.deepEqual(heard.done, [[220]]);
  const { early, stream: released } = channel.release();
  assert.equal(released, stream);
  assert.equal(Buffer.from(early).toString(), "250-inj");
  for (const event of ["data", "end", "close"]) assert.equal(stream.listenerCount(event), 0, event);
  assert.equal(stream.isPaused(), true);
  assert.equal(channel.isOpen, false);
  assert.throws(() => channel.release(), { code: "MAIL_NETWORK_LOST" });
  stream.destroy();
});

test("octets that the stream still holds when it is handed over count as early", async () => {
  const stream = new ScriptedStream();
  const { channel } = await openChannel(sealed, stream);
  stream.pause();
  stream.say("250 injected\r\n");
  assert.equal(Buffer.from(channel.release().early).toString(), "250 injected\r\n");
  stream.destroy();
});

test("a clean upgrade has no early octets", async () => {
  const { stream, channel } = await openChannel();
  ask(channel, step("STARTTLS"));
  stream.say("220 go\r\n");
  assert.equal(channel.release().early.length, 0);
  stream.destroy();
});
