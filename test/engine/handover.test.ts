/**
 * The caller's last word: until `beforeHandover` has resolved, no server can have the message; if it rejects, none ever gets it. It
 * holds for each attempt and each part, and keeps no other message waiting.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AbortedError } from "@postseal/mailer";
import type { Behaviour } from "./behaviour.ts";
import { assertTruth, burst, byBdat, byData, fates, letter, rigWith, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import { Caller, isBegun, quiet, senders, streamed, ways } from "./handover.ts";

for (const [who, connect] of Object.entries(senders)) {
  for (const { name, capabilities, isWhole, make } of ways) {
    const how = `${who}, ${name}`;

    test(`the server cannot have a message before its caller has said yes: ${how}`, async () => {
      const { server, send, close } = await connect({ capabilities });
      const caller = new Caller();
      const sending = wordOf(send(make("a"), { beforeHandover: caller.beforeHandover }));
      await caller.isAsked;
      await quiet(server);
      assert.equal(isBegun(server, "a"), !isWhole);
      assert.equal(server.taken.length, 0);
      caller.sayYes();
      const word = await sending;
      await close();
      assert.deepEqual([fates([word]), caller.asked, server.taken.length], [["accepted"], 1, 1]);
      assert.deepEqual(assertTruth([word], server), []);
    });

    for (const [what, refuse] of [
      ["rejects later", (caller: Caller, reason: unknown) => void caller.isAsked.then(() => caller.sayNo(reason))],
      ["rejects at once", (caller: Caller, reason: unknown) => caller.sayNo(reason)],
    ] as const) {
      test(`a message whose beforeHandover ${what} is unsent, and the next is sent: ${how}`, async () => {
        const { server, send, close } = await connect({ capabilities });
        const caller = new Caller();
        const reason = new Error("the lease is lost");
        const sending = wordOf(send(make("a"), { beforeHandover: caller.beforeHandover }));
        refuse(caller, reason);
        const words = [await sending];
        // A message that is given up in the middle ends its session.
        if (isWhole || who === "a mailer") words.push(await wordOf(send(make("b"))));
        await close();
        assert.deepEqual(fates(words), ["unsent", "accepted"].slice(0, words.length));
        assert.ok(words[0]?.error instanceof AbortedError);
        assert.deepEqual([words[0].error.cause, words[0].error.disposition], [reason, "retry"]);
        assert.equal(isBegun(server, "a"), !isWhole);
        assert.deepEqual(assertTruth(words, server), []);
      });
    }

    test(`a function that throws is a no: ${how}`, async () => {
      const { server, send, close } = await connect({ capabilities });
      const reason = new Error("a mistake");
      const beforeHandover = (): never => {
        throw reason;
      };
      const word = await wordOf(send(make("a"), { beforeHandover }));
      await close();
      assert.deepEqual([fates([word]), word.error?.code, word.error?.cause], [["unsent"], "MAIL_ABORTED", reason]);
      assert.equal(server.taken.length, 0);
    });

    for (const answer of ["yes", "no"] as const) {
      test(`a message that is aborted while its caller is asked is unsent, and a late ${answer} changes nothing: ${how}`, async () => {
        const { server, send, close } = await connect({ capabilities });
        const [caller, abort] = [new Caller(), new AbortController()];
        const options = { beforeHandover: caller.beforeHandover, signal: abort.signal };
        const sending = wordOf(send(make("a"), options));
        await caller.isAsked;
        abort.abort(new Error("stop"));
        const word = await sending;
        if (answer === "yes") caller.sayYes();
        else caller.sayNo(new Error("too late"));
        await quiet(server);
        await close();
        assert.deepEqual([fates([word]), word.error?.code, server.taken.length], [["unsent"], "MAIL_ABORTED", 0]);
      });
    }
  }

  test(`each part of a message to many recipients is asked for, and a no ends those that are left: ${who}`, async () => {
    for (const [refused, outcomes] of [
      [0, ["accepted", "accepted", "accepted", "accepted", "accepted"]],
      [1, ["unsent", "unsent", "unsent", "unsent", "unsent"]],
      [2, ["accepted", "accepted", "unsent", "unsent", "unsent"]],
      [3, ["accepted", "accepted", "accepted", "accepted", "unsent"]],
    ] as const) {
      const { server, send, close } = await connect({ capabilities: [...byBdat, "LIMITS RCPTMAX=2"] });
      let asked = 0;
      const beforeHandover = async (): Promise<void> => {
        asked += 1;
        if (asked === refused) throw new Error("no");
      };
      const to = ["1", "2", "3", "4", "5"].map((each) => `to${each}-a@x.example`);
      const word = await wordOf(send(letter("a", to), { beforeHandover }));
      await close();
      assert.deepEqual(
        word.receipt.recipients.map(({ outcome }) => outcome),
        outcomes,
      );
      assert.equal(asked, refused === 0 ? 3 : refused);
      assert.deepEqual(assertTruth([word], server), []);
    }
  });
}

/** The second message on the first connection is lost at MAIL. */
function losesOne(connection: number): Behaviour {
  if (connection > 0) return { capabilities: byBdat };
  return { capabilities: byData, fault: (moment, count) => (moment === "MAIL" && count === 2 ? "close" : undefined) };
}

for (const [answer, fate] of [
  ["yes", "accepted"],
  ["no", "unsent"],
] as const) {
  test(`a second attempt is asked for again: ${answer}, ${fate}`, async () => {
    const { server, mailer } = await rigWith(losesOne, { pool: { connections: 1 } });
    let asked = 0;
    const beforeHandover = async (): Promise<void> => {
      asked += 1;
      if (asked === 2 && answer === "no") throw new Error("no");
    };
    const words = [await wordOf(mailer.send(letter("a"))), await wordOf(mailer.send(letter("b"), { beforeHandover }))];
    await mailer.close();
    assert.deepEqual([fates(words), asked], [["accepted", fate], 2]);
    assert.deepEqual(assertTruth(words, server), []);
  });
}

test("nobody is asked while there is no server, or while it refuses the login", async () => {
  for (const behaviour of [
    { capabilities: byBdat, greeting: "nobody there" as const },
    { capabilities: byBdat, greeting: "421" as const },
    {
      capabilities: [...byBdat, "AUTH PLAIN"],
      fault: (moment: string) => (moment === "AUTH" ? ("550" as const) : undefined),
    },
  ]) {
    const { mailer } = await rigWith(behaviour, { credentials: { username: "alice", password: "open sesame" } });
    const caller = new Caller();
    caller.sayYes();
    const words = await Promise.all(
      [1, 2].map((each) => wordOf(mailer.send(letter(`m${each}`), { beforeHandover: caller.beforeHandover }))),
    );
    await mailer.close();
    assert.deepEqual([fates(words), caller.asked], [["unsent", "unsent"], 0]);
  }
});

test("no more callers are asked ahead than one window for each connection", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1, window: 4 } });
  const caller = new Caller();
  const sending = Array.from({ length: 30 }, (_, index) =>
    wordOf(mailer.send(letter(`m${index}`), { beforeHandover: caller.beforeHandover })),
  );
  await caller.isAsked;
  await quiet(server);
  assert.equal(caller.asked, 4);
  caller.sayYes();
  const words = await Promise.all(sending);
  await mailer.close();
  assert.deepEqual([new Set(fates(words)), caller.asked], [new Set(["accepted"]), 30]);
  assert.deepEqual(assertTruth(words, server), []);
});

test("others pass a message whose caller is asked; after a yes it has its old place among those that wait", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1, window: 2 } });
  await burst(mailer, "w", 2);
  const [slow, quick] = [new Caller(), new Caller()];
  quick.sayYes();
  const sending = [
    mailer.send(letter("slow"), { beforeHandover: slow.beforeHandover }),
    mailer.send(letter("a")),
    mailer.send(letter("b"), { beforeHandover: quick.beforeHandover }),
    mailer.send(letter("c")),
    mailer.send(letter("d")),
  ].map(wordOf);
  const others = await Promise.all(sending.slice(1));
  slow.sayYes();
  const words = [(await sending[0]) ?? assert.fail(), ...others];
  await mailer.close();
  assert.deepEqual(
    server.taken.map(({ sender }) => sender.replace("@x.example", "")).filter((name) => !name.startsWith("w")),
    // Two go at once; b was asked meanwhile.
    ["a", "c", "b", "d", "slow"],
  );
  assert.deepEqual(assertTruth(words, server), []);
});

test("a late yes to a message that was given up does not count: close() still waits for the next message", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat });
  const [late, abort] = [new Caller(), new AbortController()];
  const first = wordOf(mailer.send(letter("a"), { beforeHandover: late.beforeHandover, signal: abort.signal }));
  await late.isAsked;
  abort.abort(new Error("stop"));
  await first;
  late.sayYes();
  await turn();
  const caller = new Caller();
  let isDone = false;
  const next = wordOf(mailer.send(letter("b"), { beforeHandover: caller.beforeHandover })).finally(() => {
    isDone = true;
  });
  await caller.isAsked;
  const closing = mailer.close();
  for (let at = 0; at < 3; at += 1) await turn();
  caller.sayYes();
  await closing;
  assert.ok(isDone);
  assert.deepEqual(fates([await next]), ["accepted"]);
});

test("close() waits for a message whose caller is being asked", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  const caller = new Caller();
  const sending = wordOf(mailer.send(letter("a"), { beforeHandover: caller.beforeHandover }));
  await caller.isAsked;
  let isClosed = false;
  const closing = mailer.close().then(() => (isClosed = true));
  await quiet(server);
  assert.equal(isClosed, false);
  caller.sayYes();
  await closing;
  assert.deepEqual(fates([await sending]), ["accepted"]);
});

test("a body is not too slow because its caller takes long to answer", async () => {
  const { server, mailer } = await rigWith({ capabilities: byData }, { timeouts: { body: 10_000 } });
  using clock = new Clock(() => server.traffic);
  const beforeHandover = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 100_000));
  const word = await wordOf(mailer.send(streamed("a"), { beforeHandover }));
  assert.ok(clock.now >= 100_000);
  await mailer.close();
  assert.deepEqual(fates([word]), ["accepted"]);
});

test("a connection is not idle while it carries a message, however long that takes", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  using clock = new Clock(() => server.traffic);
  const beforeHandover = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 100_000));
  const words = [await wordOf(mailer.send(streamed("a"), { beforeHandover })), await wordOf(mailer.send(letter("b")))];
  assert.ok(clock.now >= 100_000);
  await mailer.close();
  assert.deepEqual(fates(words), ["accepted", "accepted"]);
  assert.equal(server.connections.length, 1);
});

test("a connection that closes for being idle while its callers are asked is replaced", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 2 } });
  using clock = new Clock(() => server.traffic);
  const beforeHandover = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 60_000));
  const words = await Promise.all(
    Array.from({ length: 20 }, (_, index) => wordOf(mailer.send(letter(`m${index}`), { beforeHandover }))),
  );
  await mailer.close();
  assert.ok(clock.now >= 60_000);
  assert.deepEqual(new Set(fates(words)), new Set(["accepted"]));
  assert.ok(server.connections.length <= 6, `${server.connections.length} connections`);
});

test("what is no function is refused, before anything connects", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  for (const beforeHandover of [true, "x", Promise.resolve(), null]) {
    // @ts-expect-error a caller without types may give it
    await assert.rejects(mailer.send(letter("a"), { beforeHandover }), {
      code: "MAIL_INPUT_OPTION",
      field: "beforeHandover",
    });
  }
  await mailer.close();
  assert.equal(server.connections.length, 0);
});
