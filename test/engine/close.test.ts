/** Closing a mailer: it waits for what it was given before, and leaks nothing, whatever happens meanwhile. */
import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { assertTruth, burst, byBdat, letter, rigWith, type Word, wordOf } from "./client.ts";

test("a message that was given before close() is waited for, even if its file is still being opened", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  let isTold = false;
  const attachments = [{ path: import.meta.filename }];
  const message = { from: "a@x.example", to: "to-a@x.example", attachments };
  void wordOf(mailer.send(message)).then(() => (isTold = true));
  await mailer.close();
  assert.ok(isTold);
  assert.equal(server.taken.length, 1);
});

test("close() waits for what was given before it and refuses what comes after it, so it ends although callers go on", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 2 } });
  const words: Promise<Word>[] = [];
  const over = new AbortController();
  const give = async (): Promise<void> => {
    for (let index = 0; !over.signal.aborted; index += 1) {
      words.push(wordOf(mailer.send(letter(`m${index}`))));
      await turn();
    }
  };
  const giving = give();
  for (let at = 0; at < 20; at += 1) await turn();
  const before = words.length;
  await mailer.close();
  for (let at = 0; at < 3; at += 1) await turn();
  over.abort();
  await giving;
  const results = await Promise.all(words);
  assertTruth(results, server);
  assert.ok(results.slice(0, before).every(({ error }) => error === undefined));
  assert.ok(words.length > before);
  for (const { error, receipt } of results.slice(before)) {
    assert.equal(error?.code, "MAIL_SESSION_SPENT");
    assert.deepEqual(
      receipt.recipients.map(({ outcome }) => outcome),
      ["unsent"],
    );
  }
});

test("a connection that is still opening when the mailer closes is given up, and no timer is left", async () => {
  // That many messages are worth a second connection, which never opens.
  const never = new Promise<Duplex>(() => {});
  const connect = async (): Promise<Duplex> => (server.connections.length === 0 ? server.connect() : never);
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 2, window: 1 }, connect });
  await burst(mailer, "m", 12);
  await mailer.close();
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
    [],
  );
});
