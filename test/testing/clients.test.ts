/** Three different clients send to the test server over verified TLS, and it captures what they sent. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { createMailer } from "@postseal/mailer";
import { type CapturedMessage, startTestServer, type TestServer } from "@postseal/testing";

const transports = ["starttls", "implicit"] as const;
const run = promisify(execFile);
const python = ["/usr/bin/python3", "python3"].find((path) => existsSync(path)) ?? "python3";

for (const transport of transports) {
  test(`Postseal sends by ${transport}, and gets a receipt`, async () => {
    await using server = await startTestServer({ transport });
    await using mailer = createMailer(server.url, { tls: server.tls });
    const { recipients, seal } = await mailer.send(message);
    assert.equal(recipients[0]?.outcome, "accepted");
    assert.equal(seal?.verifiedBy, "pkix");
    assertCaptured(await server.nextMessage(), server);
  });

  test(`Nodemailer sends by ${transport}`, async () => {
    await using server = await startTestServer({ transport });
    const mailer = createTransport({
      host: server.host,
      port: server.port,
      secure: transport === "implicit",
      requireTLS: true,
      auth: { user: server.username, pass: server.password },
      tls: { ca: server.ca },
    });
    await mailer.sendMail(message);
    mailer.close();
    assertCaptured(await server.nextMessage(), server);
  });

  test(`Python's smtplib sends by ${transport}`, async () => {
    await using server = await startTestServer({ transport });
    const { host, port, username, password, caFile } = server;
    const given = JSON.stringify({ host, port, username, password, caFile, transport, ...message });
    await run(python, ["test/testing/send.py", given]);
    assertCaptured(await server.nextMessage(), server);
  });

  test(`a client that does not trust the authority is not let in (${transport})`, async () => {
    await using server = await startTestServer({ transport });
    await using mailer = createMailer(server.url);
    await assert.rejects(mailer.send(message), { code: "MAIL_TLS_UNVERIFIED" });
    const stranger = createTransport({ host: server.host, port: server.port, secure: transport === "implicit" });
    await assert.rejects(stranger.sendMail(message));
    assert.deepEqual(server.messages, []);
    await assert.rejects(server.nextMessage({ timeout: 1 }), /does not trust server\.ca/);
  });
}

test("Nodemailer logs in by LOGIN too", async () => {
  await using server = await startTestServer();
  const mailer = createTransport({
    host: server.host,
    port: server.port,
    requireTLS: true,
    authMethod: "LOGIN",
    auth: { user: server.username, pass: server.password },
    tls: { ca: server.ca },
  });
  await mailer.sendMail(message);
  mailer.close();
  assertCaptured(await server.nextMessage(), server);
});

test("a wrong password is refused, and nextMessage reports it", async () => {
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, {
    tls: server.tls,
    credentials: { username: server.username, password: "guessed" },
  });
  await assert.rejects(mailer.send(message), { code: "MAIL_AUTH_REFUSED" });
  await assert.rejects(server.nextMessage({ timeout: 1 }), /AUTH was answered "535 5\.7\.8/);
});

const message = {
  from: "app@example.com",
  to: "bob@example.org",
  subject: "Your receipt",
  text: ".a line that begins with a dot\n.\nand one that is one",
};

function assertCaptured({ envelope, username, raw, headers }: CapturedMessage, server: TestServer): void {
  assert.equal(envelope.from, message.from);
  assert.deepEqual(envelope.to, [message.to]);
  assert.equal(username, server.username);
  assert.deepEqual(headers.get("subject"), [message.subject]);
  const body = raw.toString("utf8").split("\r\n\r\n")[1]?.trimEnd();
  assert.equal(body, message.text.replaceAll("\n", "\r\n"));
}
