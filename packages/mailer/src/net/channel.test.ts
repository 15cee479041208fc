import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { NetworkError, type Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { End } from "./nature.ts";
import type { Reply } from "../wire/reply.ts";
import type { Channel } from "./channel.ts";
import { openChannel, ScriptedStream, sealed, timers } from "./scripted-stream.test.ts";

interface Told {
  /** Codes in the order in which they came, or the loss with what had come before it. */
  readonly done: (readonly number[])[];
  readonly lost: { readonly code: unknown; readonly message: string; readonly before: readonly number[] }[];
}

/** Asks, and keeps what the wait is told. */
function ask(channel: Channel, octets: string, expects: readonly Phase[], timeout = 60_000, ticking = true): Told {
  const told: Told = { done: [], lost: [] };
  const codes = (replies: readonly Reply[]): readonly number[] => replies.map(({ code }) => code);
  const wait = {
    expects,
    timeout: () => timeout,
    done: (replies: readonly Reply[]) => void told.done.push(codes(replies)),
    lost: (cause: unknown, replies: readonly Reply[]) =>
      void told.lost.push({
        code: cause instanceof Error && "code" in cause ? cause.code : undefined,
        message: cause instanceof Error ? cause.message : String(cause),
        before: codes(replies),
      }),
  };
  channel.exchange(octets, wait, ticking);
  return told;
}

/** Waits for the end of the channel, whatever brings it: an event, not an amount of time. */
async function ended(stream: ScriptedStream): Promise<void> {
  if (!stream.closed) await new Promise((resolve) => stream.once("close", resolve));
  // A stream is closed a tick before it says so.
  await turn();
}

test("a step is told in the tick of its last reply", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "MAIL\r\nRCPT\r\n", ["envelope", "envelope"]);
  stream.say("250 ok\r\n");
  assert.deepEqual(told.done, []);
  stream.say("550 no\r\n");
  assert.deepEqual(told.done, [[250, 550]]);
  assert.equal(stream.written, "MAIL\r\nRCPT\r\n");
  channel.fail(undefined);
});

test("replies go to those who wait in the order in which they asked", async () => {
  const { stream, channel } = await openChannel();
  const [first, second] = [ask(channel, "A\r\n", ["command"]), ask(channel, "B\r\n", ["command"])];
  stream.say("250 a\r\n251 b\r\n");
  assert.deepEqual([first.done, second.done], [[[250]], [[251]]]);
  channel.fail(undefined);
});

test("a reply that nobody waits for ends the channel", async () => {
  const { stream, channel } = await openChannel();
  stream.say("250 ok\r\n");
  assert.equal(channel.isOpen, false);
  assert.ok(stream.destroyed);
  assert.equal(ask(channel, "NOOP\r\n", ["command"]).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
  assert.equal(stream.written, "", "nothing is said to a channel that is over");
});

test("two replies to one command in one segment end the channel, and neither is believed", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "MAIL\r\n", ["envelope"]);
  stream.say("250 ok\r\n250 ok\r\n");
  assert.deepEqual(told, {
    done: [],
    lost: [
      {
        code: "MAIL_PROTOCOL_UNSOLICITED_REPLY",
        message: 'Unsolicited. It said: "250 ok"',
        before: [],
      },
    ],
  });
  assert.equal(ask(channel, "RCPT\r\n", ["envelope"]).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a reply that arrives with the one before is no answer to the command that the one before causes", async () => {
  const { stream, channel } = await openChannel();
  const lost: unknown[] = [];
  channel.exchange("EHLO\r\n", {
    expects: ["ehlo"],
    timeout: () => 60_000,
    done: () => assert.fail("nothing may be said after it"),
    lost: (cause) => void lost.push(cause),
  });
  stream.say("250 mx\r\n250 injected\r\n");
  assert.equal(stream.written, "EHLO\r\n");
  assert.ok(lost[0] instanceof ProtocolError && lost[0].code === "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a reply that began before its command was written is not its answer", async () => {
  const { stream, channel } = await openChannel();
  const first = ask(channel, "EHLO\r\n", ["ehlo"]);
  stream.say("250 mx\r\n250-inj");
  const second = ask(channel, "MAIL\r\n", ["envelope"]);
  stream.say("ected\r\n250 merged\r\n");
  assert.deepEqual(first.done, [[250]]);
  assert.deepEqual(second.done, []);
  assert.equal(second.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a 421 on an idle channel inside TLS closes it quietly: a lost connection, not an attack", async () => {
  const { stream, channel } = await openChannel();
  stream.say("421 4.4.2 idle for too long\r\n");
  assert.equal(channel.isOpen, false);
  const told = ask(channel, "NOOP\r\n", ["command"]);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.match(told.lost[0]?.message ?? "", /idle for too long/);
});

test("a 421 behind the last reply closes it quietly, also when that reply has brought forth another command that is not written yet", async () => {
  const { stream, channel } = await openChannel();
  const next: Told[] = [];
  channel.exchange("RCPT\r\n", {
    expects: ["envelope"],
    timeout: () => 60_000,
    done: () => {
      channel.gather();
      next.push(ask(channel, "RSET\r\n", ["envelope"]));
    },
    lost: () => assert.fail(),
  });
  stream.say("550 no\r\n421 too many errors\r\n");
  await turn();
  assert.equal(next[0]?.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.equal(stream.written, "RCPT\r\n", "nothing is said to it any more");
});

test("any other reply there is not excused", async () => {
  const { stream, channel } = await openChannel();
  channel.gather();
  const told = ask(channel, "RSET\r\n", ["envelope"]);
  stream.say("250 injected\r\n");
  assert.equal(told.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a 421 that began before the command is not excused", async () => {
  const { stream, channel } = await openChannel();
  stream.say("421 4.4");
  const told = ask(channel, "NOOP\r\n", ["command"]);
  stream.say(".2 idle\r\n");
  assert.equal(told.lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a malformed reply ends the channel: it is told to whom it came, and those behind have lost the connection", async () => {
  const { stream, channel } = await openChannel();
  const [first, second] = [ask(channel, "A\r\n", ["envelope", "envelope"]), ask(channel, "B\r\n", ["command"])];
  stream.say("250 ok\r\n2200\r\n");
  assert.deepEqual([first.lost[0]?.code, first.lost[0]?.before], ["MAIL_PROTOCOL_MALFORMED_REPLY", [250]]);
  assert.deepEqual([second.lost[0]?.code, second.lost[0]?.before], ["MAIL_NETWORK_LOST", []]);
  assert.match(second.lost[0]?.message ?? "", /another message/);
  assert.ok(stream.destroyed);
});

test("octets that nobody asked for are unsolicited first, malformed or not", async () => {
  const { stream, channel } = await openChannel();
  stream.say("\x15\x03\x01");
  assert.equal(ask(channel, "A\r\n", ["command"]).lost[0]?.code, "MAIL_PROTOCOL_UNSOLICITED_REPLY");
});

test("a connection that closes is lost, in the phase of the reply that is due", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "MAIL\r\nDATA\r\n", ["envelope", "final-reply"]);
  stream.say("250 ok\r\n");
  stream.hangUp();
  await ended(stream);
  assert.deepEqual([told.lost[0]?.code, told.lost[0]?.before], ["MAIL_NETWORK_LOST", [250]]);
  assert.match(told.lost[0]?.message ?? "", /final-reply/);
  assert.equal(told.lost.length, 1, "it is told once");
});

test("a connection that is reset is what its nature says", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "MAIL\r\n", ["envelope"]);
  stream.destroy(new Error("reset"));
  await ended(stream);
  assert.deepEqual([told.lost[0]?.code, told.lost[0]?.message], ["MAIL_NETWORK_LOST", "Broken."]);
});

test("a reply that is cut off before its line end is no reply", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "DATA\r\n", ["final-reply"]);
  stream.say("250 o");
  stream.hangUp();
  await ended(stream);
  assert.deepEqual(told.done, []);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_LOST");
});

test("a reply that does not come in time ends the channel", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "MAIL\r\n", ["envelope"], 5);
  await ended(stream);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("a deadline is absolute: a server that drips octets does not move it", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "EHLO\r\n", ["ehlo"], 20);
  stream.say("250-");
  const drip = setInterval(() => stream.say("x"), 1);
  await ended(stream);
  clearInterval(drip);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("a deadline begins when the wait is first in line, and again with each reply of its step", async () => {
  const { stream, channel } = await openChannel();
  const asked: Phase[] = [];
  const wait = (expects: readonly Phase[]): Parameters<Channel["exchange"]>[1] => ({
    expects,
    timeout: (phase) => {
      asked.push(phase);
      return 60_000;
    },
    done: () => {},
    lost: () => {},
  });
  channel.exchange("A\r\n", wait(["envelope", "final-reply"]));
  channel.exchange("B\r\n", wait(["command"]));
  assert.deepEqual(asked, ["envelope"]);
  stream.say("250 ok\r\n");
  assert.deepEqual(asked, ["envelope", "final-reply"]);
  stream.say("250 ok\r\n");
  assert.deepEqual(asked, ["envelope", "final-reply", "command"]);
  channel.fail(undefined);
});

test("while a body is written its reply has no deadline; from the last octet on it has", async () => {
  const { stream, channel } = await openChannel();
  const before = timers();
  const told = ask(channel, "", ["final-reply"], 5, false);
  assert.equal(timers(), before);
  channel.tick();
  assert.equal(timers(), before + 1);
  await ended(stream);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("a body that ends behind another wait gets its deadline when its turn comes", async () => {
  const { stream, channel } = await openChannel();
  const before = timers();
  ask(channel, "A\r\n", ["command"]);
  const told = ask(channel, "", ["final-reply"], 5, false);
  channel.tick();
  assert.equal(timers(), before + 1);
  stream.say("250 a\r\n");
  await ended(stream);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("the end of a body that nobody waits for any more is nothing", async () => {
  const { channel } = await openChannel();
  channel.tick();
  assert.ok(channel.isOpen);
  channel.fail(undefined);
});

test("a write waits for the connection to take it, and fails when the channel does", async () => {
  const { stream, channel } = await openChannel(sealed, new ScriptedStream({ writableHighWaterMark: 1 }));
  await Promise.all([channel.write(Buffer.from("xx")), turn()]);
  stream.stalled = true;
  const stuck = channel.write(Buffer.from("yy"));
  const cause = new Error("abort");
  channel.fail(cause);
  await assert.rejects(stuck, cause);
  await assert.rejects(channel.write(Buffer.from("zz")), cause);
  assert.equal(stream.listenerCount("drain"), 0);
});

test("a write goes on when the connection drains, and leaves no listener", async () => {
  const { stream, channel } = await openChannel(sealed, new ScriptedStream({ writableHighWaterMark: 1 }));
  stream.stalled = true;
  const written = channel.write(Buffer.from("xx"));
  stream.drain();
  await written;
  assert.equal(stream.listenerCount("drain"), 0);
  channel.fail(undefined);
});

test("what was gathered goes out although its wait was given up, so it is told as written", async () => {
  const { stream, channel } = await openChannel();
  stream.stalled = true;
  channel.gather();
  const wait = {
    expects: ["final-reply"] as const,
    timeout: () => 60_000,
    done: () => {},
    lost: (_cause: unknown, _replies: readonly Reply[], { written }: End) => void told.push(written),
  };
  const told: boolean[] = [];
  ask(channel, "first\r\n", ["command"]);
  await turn();
  channel.gather();
  channel.exchange("second\r\n", wait);
  await turn();
  assert.equal(stream.written, "first\r\n", "the write before has not been taken");
  channel.abandon(wait, new Error("never mind"));
  stream.drain();
  await turn();
  assert.equal(stream.written, "first\r\nsecond\r\n");
  assert.deepEqual(told, [true]);
  channel.fail(undefined);
});

test("a channel that is over writes nothing of what it had gathered", async () => {
  const { stream, channel } = await openChannel();
  stream.stalled = true;
  ask(channel, "first\r\n", ["command"]);
  channel.gather();
  const told = ask(channel, "second\r\n", ["command"]);
  await turn();
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "gone"));
  stream.drain();
  await turn();
  assert.equal(stream.written, "first\r\n");
  assert.equal(told.lost.length, 1);
});

test("a channel that failed leaves no timer, and fails once", async () => {
  const before = timers();
  const { stream, channel } = await openChannel();
  const told = ask(channel, "A\r\n", ["command"]);
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "first"));
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "second"));
  await ended(stream);
  assert.deepEqual(
    told.lost.map(({ message }) => message),
    ["first"],
  );
  assert.equal(timers(), before);
});

test("a channel that failed hears nothing more of what is on its way", async () => {
  const { stream, channel } = await openChannel();
  const told: number[] = [];
  channel.exchange("A\r\n", {
    expects: ["command"],
    timeout: () => 60_000,
    done: ([reply]) => {
      told.push(reply?.code ?? 0);
      channel.fail(new Error("enough"));
    },
    lost: () => assert.fail("it was answered"),
  });
  const second = ask(channel, "B\r\n", ["command"]);
  stream.say("250 a\r\n250 b\r\n");
  assert.deepEqual(told, [250]);
  assert.deepEqual(second.done, []);
  assert.equal(second.lost[0]?.message, "enough");
});

test("a channel closes in order: what is written goes out first, and whoever waits is told", async () => {
  const before = timers();
  const { stream, channel } = await openChannel();
  const told = ask(channel, "QUIT\r\n", ["quit"]);
  stream.once("finish", () => stream.hangUp());
  await channel.close();
  await channel.close();
  assert.equal(stream.written, "QUIT\r\n");
  assert.ok(stream.destroyed && stream.writableFinished);
  assert.equal(told.lost[0]?.code, "MAIL_NETWORK_LOST");
  assert.equal(timers(), before);
});

test("a peer that does not answer our end is not waited for", async () => {
  const { stream, channel } = await openChannel();
  await channel.close();
  assert.ok(stream.destroyed);
});

test("a stream is given up with none of our listeners, and with the octets that nobody used", async () => {
  const { stream, channel } = await openChannel();
  const told = ask(channel, "STARTTLS\r\n", ["starttls"]);
  stream.say("220 go\r\n250-inj");
  assert.deepEqual(told.done, [[220]]);
  const { early, stream: released } = channel.release();
  assert.equal(released, stream);
  assert.equal(Buffer.from(early).toString(), "250-inj");
  for (const event of ["data", "end", "close"]) assert.equal(stream.listenerCount(event), 0, event);
  assert.equal(stream.isPaused(), true);
  assert.equal(channel.isOpen, false);
  assert.throws(() => channel.release(), { code: "MAIL_NETWORK_LOST" });
  stream.destroy();
});

test("octets that the stream still holds when it is given up are early, too", async () => {
  const stream = new ScriptedStream();
  const { channel } = await openChannel(sealed, stream);
  stream.pause();
  stream.say("250 injected\r\n");
  assert.equal(Buffer.from(channel.release().early).toString(), "250 injected\r\n");
  stream.destroy();
});

test("a clean upgrade has no early octets", async () => {
  const { stream, channel } = await openChannel();
  ask(channel, "STARTTLS\r\n", ["starttls"]);
  stream.say("220 go\r\n");
  assert.equal(channel.release().early.length, 0);
  stream.destroy();
});
