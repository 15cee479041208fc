/** An abort at an odd moment, by a caller or by an observer: the send ends once, the others go on, and nothing leaks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { connectSealed, observe } from "@postseal/mailer";
import { assertTruth, burst, byBdat, byData, fates, letter, rigWith, sessionTo, stepwise, wordOf } from "./client.ts";

for (const [way, capabilities] of [
  ["BDAT", byBdat],
  ["DATA", byData],
  ["step by step", stepwise],
] as const) {
  for (const event of ["conversation.command", "conversation.body", "conversation.reply"] as const) {
    for (const delivery of ["replies", "ticks", "turns"] as const) {
      test(`an observer that aborts at any ${event} ends one send, and no other (${way}, ${delivery})`, async () => {
        let aborted = 0;
        for (let which = 1; which <= 24; which += 1) {
          const { server, mailer } = await rigWith({ capabilities, delivery }, { pool: { connections: 1 } });
          await burst(mailer, "w", 3);
          const abort = new AbortController();
          let count = 0;
          using _ = observe({
            [event]: () => {
              count += 1;
              if (count === which) abort.abort(new Error("never mind"));
            },
          });
          const words = await Promise.all(
            Array.from({ length: 5 }, (_one, index) =>
              wordOf(mailer.send(letter(`m${index}`), index === 2 ? { signal: abort.signal } : {})),
            ),
          );
          await mailer.close();
          assert.deepEqual(assertTruth(words, server), []);
          for (const [index, fate] of fates(words).entries())
            if (index !== 2) assert.equal(fate, "accepted", `m${index}, abort at ${which}`);
          if (abort.signal.aborted) aborted += 1;
        }
        assert.ok(aborted >= 4, `it aborted ${aborted} times`);
      });
    }
  }
}

test("an observer that aborts before the handshake leaves no connection open", async () => {
  for (const transport of ["implicit", "starttls"] as const) {
    for (const event of ["connection.opened", "conversation.command", "conversation.reply"] as const) {
      let stopped = 0;
      for (let which = 1; which <= 4; which += 1) {
        const { server } = await rigWith({ capabilities: byBdat }, { transport });
        const { url, options } = await sessionTo(server, transport);
        const abort = new AbortController();
        let count = 0;
        using _ = observe({
          [event]: () => {
            count += 1;
            if (count === which) queueMicrotask(() => abort.abort(new Error("never mind")));
          },
        });
        const session = await connectSealed(url, { ...options, signal: abort.signal }).catch(() => undefined);
        if (session === undefined) stopped += 1;
        await session?.close();
        for (let at = 0; at < 5; at += 1) await turn();
        assert.ok(
          server.connections.every(({ isClosed }) => isClosed),
          `${transport}, ${event} ${which}`,
        );
      }
      assert.ok(stopped > 0, `${transport}, ${event}: nothing was aborted`);
    }
  }
});

test("a progress function that aborts and then throws ends its send once: close() still waits for the next", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat, delivery: "turns" }, { pool: { connections: 1 } });
  await burst(mailer, "w", 2);
  const abort = new AbortController();
  const progress = (): never => {
    abort.abort(new Error("never mind"));
    throw new Error("a mistake");
  };
  const first = await wordOf(mailer.send(letter("a"), { signal: abort.signal, progress }));
  assert.equal(first.error?.code, "MAIL_ABORTED");
  let isDone = false;
  const next = wordOf(mailer.send(letter("b"))).finally(() => {
    isDone = true;
  });
  await turn();
  await mailer.close();
  assert.ok(isDone);
  assert.deepEqual(fates([await next]), ["accepted"]);
  assert.deepEqual(assertTruth([first, await next], server), []);
});

test("messages that wait with one signal are each ended once, even if ending one lets another begin", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat, delivery: "turns" }, { pool: { connections: 1 } });
  await burst(mailer, "w", 12);
  const abort = new AbortController();
  const { signal } = abort;
  const many = Array.from({ length: 60 }, (_one, index) => `to${index}-j1@x.example`);
  const sending = [
    wordOf(mailer.send(letter("front"))),
    wordOf(mailer.send(letter("j1", many), { signal })),
    wordOf(mailer.send(letter("j2"), { signal })),
  ];
  abort.abort(new Error("stop"));
  assert.deepEqual(fates(await Promise.all(sending)), ["accepted", "unsent", "unsent"]);
  // The next one takes as long as a connection does.
  server.connections[0]?.hangUp();
  for (let at = 0; at < 5; at += 1) await turn();
  let isDone = false;
  const next = wordOf(mailer.send(letter("b"))).finally(() => {
    isDone = true;
  });
  await mailer.close();
  assert.ok(isDone);
  assert.deepEqual(fates([await next]), ["accepted"]);
});
