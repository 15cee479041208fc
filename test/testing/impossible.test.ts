/** A failure that a test asks for and that does not happen fails the test, in every way in which a test looks. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createMailer, MailError, receiptOf } from "@postseal/mailer";
import { type Rule, startTestServer, type TestServer, type TestServerOptions } from "@postseal/testing";
import { codesOf, EHLO, exchange, login, sealed } from "./raw-client.ts";

const message = { from: "app@example.com", to: ["bob@example.org", "carol@example.org"], text: "Hi" };
const noUser = "550 5.1.1 No such user";

/** Closed even if the test fails before it closes it. */
async function start(t: TestContext, options?: TestServerOptions): Promise<TestServer> {
  const server = await startTestServer(options);
  t.after(() => server.close().catch(() => undefined));
  return server;
}

async function send(server: TestServer, changes: object = {}): Promise<unknown> {
  await using mailer = createMailer(server.url, { tls: server.tls });
  return await mailer.send({ ...message, ...changes }).catch((reason: unknown) => reason);
}

const strangers: readonly (readonly string[])[] = [["gone@example.org"], ["bob@example.org", "gone@example.org"]];
for (const recipients of strangers) {
  test(`a failure for ${recipients.join(" and ")} fails the test if the next message is not for gone@example.org`, async (t) => {
    const server = await start(t);
    server.failNext({ at: "recipient", recipients, reply: noUser });
    const said = /did not happen, since the message was not for gone@example\.org/;
    const waiting = assert.rejects(server.nextMessage(), said);
    assert.ok((await send(server)) instanceof MailError);
    await waiting;
    assert.deepEqual(server.messages, []);
    await assert.rejects(server.nextMessage(), said);
    assert.throws(() => server.reset(), said);
    // After reset() the next test has a clean server.
    await send(server);
    assert.equal(server.messages.length, 1);
    await server.close();
  });
}

test("close fails the test too", async (t) => {
  const server = await start(t);
  server.failNext({ at: "recipient", recipients: ["gone@example.org"], reply: noUser });
  await send(server);
  await assert.rejects(server.close(), /the message was not for gone@example\.org/);
});

test("a failure still to come when the server is closed fails the test, unless reset() has forgotten it", async (t) => {
  const server = await start(t);
  server.failNext("450");
  server.failNext({ at: "login", reply: "454 4.7.0 Later" });
  await assert.rejects(server.close(), /since the server was closed before: .*Greylisted.* and .*454 4\.7\.0 Later/);
  const other = await start(t);
  other.failNext("450");
  other.reset();
  await other.close();
});

for (const rest of ["RSET\r\n", "QUIT\r\n", EHLO]) {
  test(`a failure for a message that ends with ${rest.trim()} fails the test`, async (t) => {
    const server = await start(t, { transport: "implicit" });
    server.failNext("552");
    const said = `${EHLO}${login(server)}MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n${rest}`;
    await exchange(sealed(server), said);
    assert.throws(() => server.reset(), /since the message was over before/);
  });
}

test("a failure that a message too large never reaches fails the test", async (t) => {
  const server = await start(t, { transport: "implicit", sizeLimit: 5 });
  server.failNext("450");
  const heard = await exchange(sealed(server), `${EHLO}${login(server)}MAIL FROM:<a@x.example> SIZE=6\r\n`);
  assert.equal(codesOf(heard).at(-1), "552");
  assert.throws(() => server.reset(), /since the message was over before/);
});

test("a message with a failure that cannot happen is refused, and the reply names the cause", async (t) => {
  const server = await start(t, { transport: "implicit" });
  server.failNext({ at: "recipient", recipients: ["gone@example.org"], reply: noUser });
  const envelope = "MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n";
  const heard = await exchange(sealed(server), `${EHLO}${login(server)}${envelope}BDAT 2 LAST\r\n\r\n`);
  assert.match(heard, /^554 5\.3\.0 The test asks for a failure that cannot happen\r\n$/m);
});

test("a domain is the same in any case, and what is before the @ is not", async (t) => {
  const rule = (name: string): Rule => ({ at: "recipient", recipients: [name], reply: noUser });
  const server = await start(t);
  server.failNext(rule("bob@EXAMPLE.Org"));
  const outcomes = receiptOf(await send(server)) ?? (await server.nextMessage()).envelope;
  assert.deepEqual("to" in outcomes ? outcomes.to : outcomes, ["carol@example.org"]);
  server.failNext(rule("Bob@example.org"));
  await send(server);
  await assert.rejects(server.close(), /not for Bob@example\.org/);
});
