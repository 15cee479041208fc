/** The deadlines of a channel, and the bodies that it writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { NetworkError, type Phase } from "../errors/network-error.ts";
import type { Ending } from "../protocol/dialogue.ts";
import type { Wait } from "./nature.ts";
import { openChannel, ScriptedStream, sealed } from "./scripted-stream.test.ts";
import { ask, codeOf, ended, step, streamed } from "./asking.test.ts";

test("a reply that does not come in time ends the channel", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("MAIL"), 5);
  await ended(stream);
  assert.equal(heard.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("a deadline is absolute: a server that drips octets does not move it", async () => {
  const { stream, channel } = await openChannel();
  const heard = ask(channel, step("EHLO"), 20);
  stream.say("250-");
  const drip = setInterval(() => stream.say("x"), 1);
  await ended(stream);
  clearInterval(drip);
  assert.equal(heard.lost[0]?.code, "MAIL_NETWORK_TIMEOUT");
});

test("a deadline begins when the wait is first in line, and again with each reply of its step", async () => {
  const { stream, channel } = await openChannel();
  const asked: Phase[] = [];
  const wait = (): Wait => ({
    timeout: (phase) => {
      asked.push(phase);
      return 60_000;
    },
    written: () => {},
    done: () => {},
    lost: () => {},
  });
  channel.exchange(step("RSET", "MAIL"), wait());
  channel.exchange(step("NOOP"), wait());
  assert.deepEqual(asked, ["command"]);
  stream.say("250 ok\r\n");
  assert.deepEqual(asked, ["command", "envelope"]);
  stream.say("250 ok\r\n");
  assert.deepEqual(asked, ["command", "envelope", "command"]);
  channel.fail(undefined);
});

/** A wait with a deadline of its own for each phase. */
function waitWith(timeouts: Partial<Record<Phase, number>>, lost: Wait["lost"]): Wait {
  return { timeout: (phase) => timeouts[phase] ?? 60_000, written: () => {}, done: () => {}, lost };
}

test("no reply to a write with a message in it is due before the final one: a server may answer all of it at the end", async () => {
  const { channel } = await openChannel();
  let late: unknown;
  channel.exchange(
    step("RSET", "MAIL", "dot"),
    waitWith({ command: 10, envelope: 10, "final-reply": 200 }, (cause) => (late = cause)),
  );
  await until(() => late !== undefined);
  assert.ok(late instanceof NetworkError);
  assert.deepEqual([late.code, late.phase], ["MAIL_NETWORK_TIMEOUT", "command"]);
  assert.match(late.message, /did not send the answer to a command within 0\.2 s/);
});

/** A source that yields its octets once `give` is called. */
function held(text: string): { readonly source: () => AsyncGenerator<Uint8Array>; readonly give: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    async *source() {
      await promise;
      yield Buffer.from(text);
    },
    give: resolve,
  };
}

/** Waits for an event, not for an amount of time. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

test("the reply to a body has no deadline until the last octet is written", async () => {
  const { stream, channel } = await openChannel();
  const { source, give } = held("x\r\n");
  const asked: Phase[] = [];
  const heard: unknown[] = [];
  channel.exchange(streamed(source, 3), {
    timeout: (phase) => {
      asked.push(phase);
      return phase === "final-reply" ? 5 : 60_000;
    },
    written: () => {},
    done: () => assert.fail(),
    lost: (cause) => void heard.push(codeOf(cause)),
  });
  await turn();
  assert.deepEqual(asked, ["body"], "the writer has one of its own");
  give();
  await ended(stream);
  assert.equal(stream.written, "BDAT 3 LAST\r\nx\r\n");
  assert.deepEqual([asked.includes("final-reply"), heard], [true, ["MAIL_NETWORK_TIMEOUT"]]);
});

test("a body that ends while another wait is first gets its deadline when its turn comes", async () => {
  const { stream, channel } = await openChannel();
  ask(channel, step("NOOP"));
  const { source, give } = held("x\r\n");
  const heard: unknown[] = [];
  channel.exchange(streamed(source, 3), {
    timeout: (phase) => (phase === "final-reply" ? 5 : 60_000),
    written: () => {},
    done: () => assert.fail(),
    lost: (cause) => void heard.push(codeOf(cause)),
  });
  give();
  await until(() => stream.written.endsWith("x\r\n"));
  assert.ok(channel.isOpen);
  stream.say("250 a\r\n");
  await ended(stream);
  assert.deepEqual(heard, ["MAIL_NETWORK_TIMEOUT"]);
});

test("a body waits for the connection to take it, and its writing ends with the channel", async () => {
  const { stream, channel } = await openChannel(sealed, new ScriptedStream({ writableHighWaterMark: 1 }));
  stream.stalled = true;
  const asked: number[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 5; at += 1) {
      asked.push(at);
      yield Buffer.from("x\r\n");
    }
  }
  const heard = ask(channel, streamed(source, 15));
  await until(() => asked.length > 0);
  await turn();
  assert.ok(asked.length < 5, "it is read no faster than it is taken");
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "body", "gone"));
  stream.drain();
  await turn();
  assert.equal(stream.written, "BDAT 15 LAST\r\n");
  assert.deepEqual([heard.lost.length, heard.written], [1, ["part"]]);
  assert.equal(stream.listenerCount("drain"), 0);
});

test("a body whose wait was given up never gets its last octet, even if its source ends only then", async () => {
  const { stream, channel } = await openChannel();
  ask(channel, step("NOOP"));
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("x\r\n");
    await promise;
  }
  const wait: Wait = { timeout: () => 60_000, written: () => {}, done: () => {}, lost: () => {} };
  channel.exchange(streamed(source, 3), wait);
  await until(() => stream.written.endsWith("LAST\r\n"));
  channel.abandon(wait, new Error("never mind"));
  resolve();
  await turn();
  await turn();
  assert.equal(stream.written, "NOOP\r\nBDAT 3 LAST\r\n");
  stream.say("250 ok\r\n");
  await ended(stream);
});

test("what was gathered goes out although its wait was given up, so it counts as written", async () => {
  const { stream, channel } = await openChannel();
  stream.stalled = true;
  channel.gather();
  const heard: Ending["written"][] = [];
  const wait: Wait = {
    timeout: () => 60_000,
    written: () => {},
    done: () => {},
    lost: (_cause, _replies, { written }) => void heard.push(written),
  };
  ask(channel, step("NOOP"));
  await turn();
  channel.gather();
  channel.exchange(step("HELP"), wait);
  await turn();
  assert.equal(stream.written, "NOOP\r\n", "the write before has not been taken");
  channel.abandon(wait, new Error("never mind"));
  stream.drain();
  await turn();
  assert.equal(stream.written, "NOOP\r\nHELP\r\n");
  assert.deepEqual(heard, ["all"]);
  channel.fail(undefined);
});

test("a channel that is over writes nothing of what it had gathered", async () => {
  const { stream, channel } = await openChannel();
  stream.stalled = true;
  ask(channel, step("NOOP"));
  channel.gather();
  const heard = ask(channel, step("HELP"));
  await turn();
  channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "gone"));
  stream.drain();
  await turn();
  assert.equal(stream.written, "NOOP\r\n");
  assert.equal(heard.lost.length, 1);
});

test("what a connection has not begun to take when it ends counts as not written, however much waits", async () => {
  for (const taken of [0, 1, 2, 3]) {
    const { stream, channel } = await openChannel();
    stream.stalled = true;
    channel.gather();
    const heard = Array.from({ length: 60 }, (_, index) =>
      ask(channel, [{ verb: "HELP", argument: `${index} ${"x".repeat(20_000)}` }]),
    );
    await turn();
    for (let count = 0; count < taken; count++) {
      stream.letOneThrough();
      await turn();
    }
    channel.fail(new NetworkError("MAIL_NETWORK_LOST", "command", "gone"));
    const told = heard.map(({ written }) => written.join());
    const truth = heard.map((_, index) => (stream.written.includes(`HELP ${index} x`) ? "all" : "nothing"));
    assert.deepEqual(told, truth);
    assert.ok(new Set(truth).size === 2, `after ${taken}`);
  }
});
