/** Rarer offers of a server: REQUIRETLS, a promise about the rest of the way, and LIMITS. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, burst, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";
import type { Server } from "./server.ts";

test("a message that requires TLS says so in its MAIL, and the messages beside it do not", async () => {
  const { server, mailer } = await rigWith({ capabilities: [...byBdat, "REQUIRETLS"] }, { pool: { connections: 1 } });
  const words = await Promise.all([
    wordOf(mailer.send({ ...letter("a"), requireTls: true })),
    wordOf(mailer.send(letter("b"))),
  ]);
  await mailer.close();
  assertTruth(words, server);
  const said = server.connections[0]?.heard ?? "";
  assert.match(said, /^MAIL FROM:<a@x\.example> SIZE=\d+ REQUIRETLS\r$/m);
  assert.match(said, /^MAIL FROM:<b@x\.example> SIZE=\d+\r$/m);
});

test("to a server that does not promise it, nothing of that message is said, and the others go", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1 } });
  const words = await Promise.all([
    wordOf(mailer.send(letter("a"))),
    wordOf(mailer.send({ ...letter("b"), requireTls: true })),
    wordOf(mailer.send(letter("c"))),
  ]);
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), ["accepted", "unsent", "accepted"]);
  assert.equal(words[1]?.error?.code, "MAIL_CAPABILITY_MISSING");
  assert.doesNotMatch(server.connections[0]?.heard ?? "", /b@x/);
});

test("a promise in the clear does not count: only one inside TLS does", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat, clear: ["REQUIRETLS"] }, { transport: "starttls" });
  const word = await wordOf(mailer.send({ ...letter("a"), requireTls: true }));
  await mailer.close();
  assert.equal(word.error?.code, "MAIL_CAPABILITY_MISSING");
});

test("a connection carries no more than MAILMAX, and a transaction no more than RCPTMAX", async () => {
  const { server, mailer } = await rigWith(
    { capabilities: [...byBdat, "LIMITS MAILMAX=3 RCPTMAX=2"] },
    { pool: { connections: 1 } },
  );
  const many = Array.from({ length: 5 }, (_, index) => `to${index}-many@x.example`);
  const words = [await wordOf(mailer.send(letter("many", many))), ...(await burst(mailer, "m", 6))];
  await mailer.close();
  assertTruth(words, server);
  assert.ok(words.every(({ error }) => error === undefined));
  assert.deepEqual(
    server.taken.slice(0, 3).map(({ recipients }) => recipients.length),
    [2, 2, 1],
  );
  assert.deepEqual(mailsOf(server), [3, 3, 3]);
});

test("the parts of a message that would pass MAILMAX go over another connection", async () => {
  const { server, mailer } = await rigWith(
    { capabilities: [...byBdat, "LIMITS MAILMAX=3 RCPTMAX=2"] },
    { pool: { connections: 1 } },
  );
  const many = Array.from({ length: 5 }, (_, index) => `to${index}-many@x.example`);
  const words = [await wordOf(mailer.send(letter("one"))), await wordOf(mailer.send(letter("many", many)))];
  await mailer.close();
  assertTruth(words, server);
  assert.ok(words.every(({ error }) => error === undefined));
  assert.deepEqual(mailsOf(server), [3, 1]);
});

/** How many MAILs each connection carried. */
function mailsOf({ connections }: Server): readonly number[] {
  return connections.map(({ heard }) => heard.split("MAIL FROM").length - 1);
}
