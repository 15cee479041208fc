/** A Postfix that is slow with a message, and a client that is stopped meanwhile: neither is a reason to give up. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { mailerFor } from "./client.ts";
import { createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { startPostfix } from "./servers/postfix.ts";

/** Seconds that Postfix takes for each message. It answers everything in a write only once it has processed the message in it. */
const DELAY = 2;
const settings = `smtpd_end_of_data_restrictions = sleep ${DELAY}`;

test("every reply to a write may take as long as the reply to the message in it", async () => {
  await using authority = await createAuthority();
  await using server = await startPostfix({ authority, settings });
  const timeouts = { command: 500, envelope: 500 };
  await using mailer = mailerFor(server, { authority, timeouts, pool: { connections: 1 } });
  const to = "inbox@example.test";
  const messages = Array.from({ length: 3 }, (_, index) => ({ from: "alice@example.test", to, text: `${index}` }));
  const receipts = await Promise.all(messages.map((message) => mailer.send(message)));
  for (const { recipients } of receipts) assert.equal(recipients[0]?.outcome, "accepted");
  assert.equal((await server.delivered(3)).length, 3);
});

test("a client that was stopped past its deadline reads what has arrived before it gives up", async () => {
  await using authority = await createAuthority();
  await using server = await startPostfix({ authority, settings });
  const child = fork(fileURLToPath(new URL("stopped-client.ts", import.meta.url)), [
    String(server.submissionPort),
    authority.caFile,
  ]);
  try {
    // By then the client has handed the message over.
    await poll(
      async () => (server.log().includes("sasl_username=") ? true : undefined),
      () => server.log(),
    );
    await stop(child, (DELAY + 2) * 1_000);
    const [word]: unknown[] = await once(child, "message");
    assert.equal(word, "accepted");
  } finally {
    child.kill("SIGKILL");
  }
  assert.equal((await server.delivered(1)).length, 1);
});

/** Milliseconds that the long body takes, and the most that a small message may take. */
const LONG = 8_000;
const SOON = 200;

test("one small message and eight go past a body that takes 8 s", async (t) => {
  await using authority = await createAuthority();
  await using server = await startPostfix({ authority });
  const to = "inbox@example.test";
  for (const count of [1, 8]) {
    await using mailer = mailerFor(server, { authority });
    await mailer.send({ from: "alice@example.test", to, text: "first" });
    const begun = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a slow attachment");
      begun.resolve();
      await sleep(LONG);
    }
    const attachments = [{ filename: "slow.txt", source: () => slow() }];
    let isDone = false;
    const long = mailer.send({ from: "alice@example.test", to, text: "long", attachments }).finally(() => {
      isDone = true;
    });
    await begun.promise;
    const given = performance.now();
    await Promise.all(
      Array.from({ length: count }, () => mailer.send({ from: "alice@example.test", to, text: "small" })),
    );
    t.diagnostic(`${count}: ${Math.round(performance.now() - given)} ms (goal ${SOON})`);
    assert.ok(!isDone, "the small messages waited for the long body");
    await long;
  }
});

async function stop(child: ChildProcess, milliseconds: number): Promise<void> {
  child.kill("SIGSTOP");
  await sleep(milliseconds);
  child.kill("SIGCONT");
}
