/** Each failure that the test server makes on request, as an application sees it through the mailer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMailer, MailError, receiptOf } from "@postseal/mailer";
import { type Failure, startTestServer, type TestServer } from "@postseal/testing";

const message = { from: "app@example.com", to: ["bob@example.org", "carol@example.org"], text: "Hi" };

const expected: readonly (readonly [failure: Failure, code: string, outcome: string])[] = [
  ["450", "MAIL_DEFERRED", "deferred"],
  ["552", "MAIL_REFUSED", "refused"],
  ["421", "MAIL_DEFERRED", "deferred"],
  ["cut", "MAIL_OUTCOME_UNKNOWN", "unknown"],
  [{ at: "login", reply: "454 4.7.0 The directory is down" }, "MAIL_AUTH_DEFERRED", "unsent"],
  [{ at: "sender", reply: "550 5.7.1 Not you" }, "MAIL_REFUSED", "refused"],
  // With CHUNKING the whole message is sent before the reply to MAIL.
  [{ at: "sender", cut: true }, "MAIL_OUTCOME_UNKNOWN", "unknown"],
  [{ at: "login", cut: true }, "MAIL_NETWORK_LOST", "unsent"],
];
for (const [failure, code, outcome] of expected) {
  test(`${JSON.stringify(failure)} ends in ${code}, and the message after it goes through`, async () => {
    await using server = await startTestServer();
    server.failNext(failure);
    const error = await errorOf(server);
    assert.equal(error.code, code);
    assert.deepEqual(
      receiptOf(error)?.recipients.map((recipient) => recipient.outcome),
      [outcome, outcome],
    );
    assert.deepEqual(server.messages, []);
    await using mailer = createMailer(server.url, { tls: server.tls });
    await mailer.send(message);
    assert.equal(server.messages.length, 1);
  });
}

test("one recipient of two is refused, and the other gets the message", async () => {
  await using server = await startTestServer();
  server.failNext({ at: "recipient", recipients: ["bob@example.org"], reply: "550 5.1.1 No such user" });
  await using mailer = createMailer(server.url, { tls: server.tls });
  const { recipients } = await mailer.send(message);
  assert.deepEqual(
    recipients.map(({ outcome }) => outcome),
    ["refused", "accepted"],
  );
  const { envelope } = await server.nextMessage();
  assert.deepEqual(envelope.to, ["carol@example.org"]);
});

test("a slow server is given as much time as the application allows", async () => {
  await using server = await startTestServer();
  server.failNext("slow");
  await using mailer = createMailer(server.url, { tls: server.tls, timeouts: { finalReply: 50 } });
  const error: unknown = await mailer.send(message).catch((reason: unknown) => reason);
  assert.ok(error instanceof MailError, String(error));
  assert.equal(receiptOf(error)?.recipients[0]?.outcome, "unknown");
});

test("after a delay that the test chose the message is taken", async () => {
  await using server = await startTestServer();
  server.failNext({ at: "message", delay: 1 });
  await using mailer = createMailer(server.url, { tls: server.tls });
  await mailer.send(message);
  assert.equal(server.messages.length, 1);
});

test("a message that is too large is refused by its SIZE, before it is sent", async () => {
  await using server = await startTestServer({ sizeLimit: 1000 });
  await using mailer = createMailer(server.url, { tls: server.tls });
  await assert.rejects(mailer.send({ ...message, text: "x".repeat(2000) }), MailError);
  assert.deepEqual(server.messages, []);
});

test("nextMessage returns each message once, even to calls made before it came", async () => {
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, { tls: server.tls });
  const waiting = [server.nextMessage(), server.nextMessage()];
  await mailer.send({ ...message, subject: "one" });
  await mailer.send({ ...message, subject: "two" });
  const subjects = (await Promise.all(waiting)).map(({ headers }) => headers.get("subject")?.[0]);
  assert.deepEqual(subjects, ["one", "two"]);
  await assert.rejects(server.nextMessage({ timeout: 1 }), /No message came within 1 ms/);
});

test("reset forgets the messages and the requested failures", async () => {
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, { tls: server.tls });
  await mailer.send(message);
  server.failNext("552");
  server.reset();
  assert.deepEqual(server.messages, []);
  await mailer.send({ ...message, subject: "after" });
  assert.deepEqual((await server.nextMessage()).headers.get("subject"), ["after"]);
});

test("close ends open connections, and may be called twice", async () => {
  const server = await startTestServer();
  server.failNext("slow");
  await using mailer = createMailer(server.url, { tls: server.tls });
  const closing: Promise<void>[] = [];
  const progress = (): unknown => closing.push(server.close());
  await assert.rejects(mailer.send(message, { progress }), MailError);
  await Promise.all([...closing, server.close()]);
  assert.ok(closing.length > 0);
});

async function errorOf(server: TestServer): Promise<MailError> {
  await using mailer = createMailer(server.url, { tls: server.tls });
  const error: unknown = await mailer.send(message).catch((reason: unknown) => reason);
  assert.ok(error instanceof MailError, String(error));
  return error;
}
