/** The error of `nextMessage` if no message comes: it names the cause, and nothing that happened earlier. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMailer, type Mailer } from "@postseal/mailer";
import { startTestServer, type TestServer } from "@postseal/testing";

const message = { from: "app@example.com", to: "bob@example.org", text: "Hi" };

function mailerTo(server: TestServer): Mailer {
  return createMailer(server.url, { tls: server.tls });
}

/** The error of `nextMessage` for a message that cannot come. */
async function inVain(server: TestServer): Promise<string> {
  return server.nextMessage({ timeout: 1 }).then(
    () => "it came",
    (error: unknown) => String(error),
  );
}

test("the error names the first refusal, not those that followed from it", async () => {
  await using server = await startTestServer();
  await using mailer = mailerTo(server);
  server.failNext({ at: "recipient", reply: "550 5.1.1 No such user" });
  await assert.rejects(mailer.send(message));
  assert.match(await inVain(server), /RCPT was answered "550 5\.1\.1 No such user"/);
  server.failNext({ at: "sender", reply: "550 5.7.1 Not you" });
  await assert.rejects(mailer.send(message));
  assert.match(await inVain(server), /MAIL was answered "550 5\.7\.1 Not you"/);
});

test("after a message is taken, the error no longer names an earlier refusal", async () => {
  await using server = await startTestServer();
  await using mailer = mailerTo(server);
  server.failNext("552");
  await assert.rejects(mailer.send(message));
  await mailer.send(message);
  await server.nextMessage();
  const told = await inVain(server);
  assert.match(told, /a message to bob@example\.org was taken/);
  assert.doesNotMatch(told, /552/);
});

test("reset forgets refusals", async () => {
  await using server = await startTestServer();
  assert.match(await inVain(server), /no client has connected/);
  await using mailer = mailerTo(server);
  server.failNext("450");
  await assert.rejects(mailer.send(message));
  server.reset();
  assert.match(await inVain(server), /nothing since reset\(\)/);
});

test("the test server ignores options that are on Object.prototype", async () => {
  Reflect.defineProperty(Object.prototype, "password", { value: "hunter2", configurable: true });
  Reflect.defineProperty(Object.prototype, "timeout", { value: "x", configurable: true });
  try {
    await using server = await startTestServer({ username: "app" });
    assert.notEqual(server.password, "hunter2");
  } finally {
    Reflect.deleteProperty(Object.prototype, "password");
    Reflect.deleteProperty(Object.prototype, "timeout");
  }
});
