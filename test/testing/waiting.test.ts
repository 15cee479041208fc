/** Tests that wait for messages: each gets its own, in its own time, and none waits for a server that is closed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createMailer } from "@postseal/mailer";
import { startTestServer, type TestServer } from "@postseal/testing";

const message = { from: "app@example.com", to: "bob@example.org", text: "Hi" };

async function send(server: TestServer, subject: string): Promise<void> {
  await using mailer = createMailer(server.url, { tls: server.tls });
  await mailer.send({ ...message, subject });
}

test("without a deadline it waits as long as it takes", async () => {
  await using server = await startTestServer();
  const waiting = server.nextMessage({ timeout: Infinity });
  await send(server, "at last");
  assert.deepEqual((await waiting).headers.get("subject"), ["at last"]);
});

test("without a timeout it waits for five seconds", async (t) => {
  await using server = await startTestServer();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let isOver = false;
  const waiting = assert.rejects(server.nextMessage(), /No message came within 5000 ms/).then(() => {
    isOver = true;
  });
  // The server's own promises come first.
  await turn();
  t.mock.timers.tick(4_999);
  await turn();
  assert.equal(isOver, false);
  t.mock.timers.tick(1);
  await waiting;
});

test("everybody who waits gets an error that says that the server was closed, and what happened last", async () => {
  const server = await startTestServer();
  const waiting = [server.nextMessage({ timeout: Infinity }), server.nextMessage({ timeout: Infinity })].map((one) =>
    assert.rejects(one, /The server was closed before a message came\. What happened last: no client has connected\./),
  );
  await server.close();
  await Promise.all(waiting);
  await assert.rejects(server.nextMessage(), /No message can come: the server is closed/);
});

test("messages that came before the server was closed can still be taken", async () => {
  const server = await startTestServer();
  await send(server, "before");
  await server.close();
  assert.deepEqual((await server.nextMessage()).headers.get("subject"), ["before"]);
  assert.equal(server.messages.length, 1);
});

test("a list that a test keeps is its own, whatever reset() and later messages do", async () => {
  await using server = await startTestServer();
  await send(server, "one");
  const { messages } = server;
  server.reset();
  await send(server, "two");
  assert.deepEqual(
    messages.map(({ headers }) => headers.get("subject")),
    [["one"]],
  );
  assert.deepEqual(
    server.messages.map(({ headers }) => headers.get("subject")),
    [["two"]],
  );
});
