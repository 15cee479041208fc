/** A server that takes connections and ends each of them before it serves: how long a message waits for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, byData, fates, letter, rigWith, stepwise, wordOf } from "./client.ts";
import { Clock, pause } from "./clock.ts";

/** Milliseconds. */
const PATIENCE = 30_000;

for (const [way, capabilities] of [
  ["DATA", byData],
  ["step by step", stepwise],
] as const) {
  for (const [who, options] of [
    ["nobody is asked", {}],
    ["its caller is asked", { beforeHandover: () => {} }],
  ] as const) {
    for (const count of [1, 2]) {
      test(`${count} sent to a server that hangs up at MAIL: each fails when the mailer's patience ends, and says how often it was tried (${way}, ${who})`, async () => {
        let serves = true;
        const { server, mailer } = await rigWith(
          () => ({ capabilities, fault: (moment) => (moment === "MAIL" && !serves ? "close" : undefined) }),
          { pool: { patience: PATIENCE } },
        );
        using clock = new Clock(() => server.traffic);
        await mailer.send(letter("first"));
        serves = false;
        const began = clock.now;
        const words = await Promise.all(
          ["a", "b"].slice(0, count).map((name) => wordOf(mailer.send(letter(name), options))),
        );
        const waited = clock.now - began;
        await mailer.close();
        assertTruth(words, server);
        assert.ok(waited >= PATIENCE - 1 && waited <= 2 * PATIENCE, `${waited} ms`);
        for (const { error } of words) assert.match(error?.message ?? "", /it was tried \d+ times\.$/);
      });
    }
  }
}

test("the time for which a connection carried a message is no patience: a long message that is lost after an outage goes again", async () => {
  let isThere = true;
  const { server, mailer } = await rigWith(
    () => ({ capabilities: byData, ...(isThere ? {} : { greeting: "nobody there" }) }),
    {
      pool: { patience: PATIENCE },
    },
  );
  using _ = new Clock(() => server.traffic);
  await mailer.send(letter("first"));
  isThere = false;
  for (const one of server.connections) one.hangUp();
  await pause(100);
  const long = letter("long");
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(long.message);
    for (let at = 0; at < 60; at += 1) {
      await pause(1_000);
      yield Buffer.from("x".repeat(76).concat("\r\n").repeat(30));
    }
  }
  const sending = wordOf(mailer.send({ ...long, message: body }));
  await pause(1_000);
  isThere = true;
  await pause(50_000);
  for (const one of server.connections) if (!one.isClosed) one.breakOff();
  const words = [await sending];
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), ["accepted"]);
});
