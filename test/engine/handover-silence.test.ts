/** A caller who never answers `beforeHandover`: the deadline makes a no of it, so that nothing waits for ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AbortedError } from "@postseal/mailer";
import { assertTruth, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import { Caller, isBegun, quiet, senders, ways } from "./handover.ts";

/** The default, in milliseconds. */
const PATIENCE = 300_000;

for (const [who, connect] of Object.entries(senders)) {
  for (const { name, capabilities, isWhole, make } of ways) {
    test(`a message whose caller never answers is unsent after the deadline, and a late yes sends nothing: ${who}, ${name}`, async () => {
      const { server, send, close } = await connect({ capabilities });
      using clock = new Clock(() => server.traffic);
      const caller = new Caller();
      const words = [await wordOf(send(make("a"), { beforeHandover: caller.beforeHandover }))];
      assert.ok(clock.now >= PATIENCE);
      caller.sayYes();
      await turn();
      // A message that is given up in the middle ends its session.
      if (isWhole || who === "a mailer") words.push(await wordOf(send(make("b"))));
      await close();
      assert.deepEqual([fates(words), caller.asked], [["unsent", "accepted"].slice(0, words.length), 1]);
      const [{ error } = assert.fail()] = words;
      assert.ok(error instanceof AbortedError && error.cause instanceof Error);
      assert.match(error.cause.message, /^beforeHandover did not answer within 300 s/);
      assert.equal(isBegun(server, "a"), !isWhole);
      assert.deepEqual(assertTruth(words, server), []);
    });
  }
}

test("close() ends although callers never answer, and what waits after a window of them is asked and sent", async () => {
  const { server, mailer } = await rigWith(
    { capabilities: byBdat },
    { pool: { connections: 1, window: 4 }, timeouts: { handover: 7_000 } },
  );
  using clock = new Clock(() => server.traffic);
  const [silent, quick] = [new Caller(), new Caller()];
  quick.sayYes();
  const sending = Array.from({ length: 8 }, (_, index) =>
    wordOf(mailer.send(letter(`m${index}`), { beforeHandover: (index < 4 ? silent : quick).beforeHandover })),
  );
  const closing = mailer.close();
  const words = await Promise.all(sending);
  await closing;
  assert.ok(clock.now >= 7_000);
  assert.deepEqual(fates(words), [...Array(4).fill("unsent"), ...Array(4).fill("accepted")]);
  assert.deepEqual(assertTruth(words, server), []);
});

test("a message that was given up leaves no deadline that would keep the process alive", async () => {
  for (const { capabilities, make } of ways) {
    const { server, mailer } = await rigWith({ capabilities }, { pool: { connections: 1 } });
    using clock = new Clock(() => server.traffic);
    const [caller, abort] = [new Caller(), new AbortController()];
    const options = { beforeHandover: caller.beforeHandover, signal: abort.signal };
    const sending = wordOf(mailer.send(make("a"), options));
    await caller.isAsked;
    abort.abort(new Error("stop"));
    const word = await sending;
    await mailer.close();
    await quiet(server);
    assert.deepEqual([fates([word]), clock.needed, clock.now < PATIENCE], [["unsent"], 0, true]);
  }
});
