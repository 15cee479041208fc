import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { NetworkError, type Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Content } from "../message/content.ts";
import type { Action } from "../protocol/command.ts";
import type { Ending, Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import type { Channel } from "./channel.ts";
import type { Wait } from "./nature.ts";
import { openChannel, ScriptedStream, sealed, timers } from "./scripted-stream.test.ts";

interface Heard {
  /** Codes in the order in which they came, or the loss with what had come before it. */
  readonly done: (readonly number[])[];
  readonly lost: { readonly code: unknown; readonly message: string; readonly before: readonly number[] }[];
  /** How much was written, for each loss. */
  readonly written: Ending["written"][];
}

/** The actions that the tests ask for, by one word each. */
const actions = {
  EHLO: { verb: "EHLO", clientName: "c.example" },
  MAIL: { verb: "MAIL", reversePath: "s@x.example" },
  RCPT: { verb: "RCPT", forwardPath: "r@x.example" },
  STARTTLS: { verb: "STARTTLS" },
  NOOP: { verb: "NOOP" },
  RSET: { verb: "RSET" },
  HELP: { verb: "HELP" },
  QUIT: { verb: "QUIT" },
  dot: { verb: "BODY", framing: "dot", content: undefined, eightBit: true },
} as const satisfies Readonly<Record<string, Action>>;
type Word = keyof typeof actions;

function step(...words: readonly Word[]): Step {
  return words.map((word) => actions[word]);
}

/** A message that is read as it is written, by BDAT. */
function streamed(open: () => AsyncIterable<Uint8Array>, size: number): Step {
  const content: Content = {
    size,
    put: undefined,
    eightBit: false,
    eightBitIn: undefined,
    commandFree: true,
    replayable: true,
    open,
  };
  return [{ verb: "BODY", framing: "bdat", content, eightBit: true }];
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

/** Writes a step, and keeps what its wait hears. */
function ask(channel: Channel<Action>, asked: Step, timeout = 60_000): Heard {
  const heard: Heard = { done: [], lost: [], written: [] };
  const codes = (replies: readonly Reply[]): readonly number[] => replies.map(({ code }) => code);
  channel.exchange(asked, {
    timeout: () => timeout,
    written: () => {},
    done: (replies) => void heard.done.push(codes(replies)),
    lost: (cause, replies, { written }) => {
      heard.lost.push({
        code: codeOf(cause),
        message: cause instanceof Error ? cause.message : String(cause),
        before: codes(replies),
      });
      heard.written.push(written);
    },
  });
  return heard;
}

/** Waits for the end of the channel, whatever brings it: an event, not an amount of time. */
async function ended(stream: ScriptedStream): Promise<void> {
  if (!stream.closed) await new Promise((resolve) => stream.once("close", resolve));
  // A stream is closed a tick before it emits `close`.
  await turn();
}

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
