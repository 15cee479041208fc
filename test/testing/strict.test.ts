/** What the test server refuses to a client, tried over a raw connection. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { createMailer } from "@postseal/mailer";
import { startTestServer, type TestServer } from "@postseal/testing";
import { codesOf, EHLO, exchange, login, sealed } from "./raw-client.ts";

for (const [said, code] of [
  ["AUTH PLAIN AGEAYg==\r\n", "538"],
  ["MAIL FROM:<a@x.example>\r\n", "530"],
  ["STARTTLS now\r\n", "501"],
  ["EHLO\r\n", "501"],
  ["NOOP\n", "521"],
  ["RCPT TO:<b@x.example>\r\n", "530"],
  ["DATA\r\n", "530"],
  ["BDAT 1 LAST\r\n", "530"],
  ["VRFY b\r\n", "530"],
  ["EHLO client.example\r\n", "250"],
  ["HELO client.example\r\n", "250"],
  ["NOOP\r\n", "250"],
  ["RSET\r\n", "250"],
  ["QUIT\r\n", "221"],
] as const) {
  test(`${JSON.stringify(said)} in the clear is answered ${code}`, async () => {
    await using server = await startTestServer();
    assert.deepEqual(codesOf(await exchange(connect(server.port, server.host), said)), ["220", code]);
  });
}

test("even the right password is refused in the clear", async () => {
  await using server = await startTestServer();
  const heard = await exchange(connect(server.port, server.host), `${login(server)}MAIL FROM:<a@x.example>\r\n`);
  assert.deepEqual(codesOf(heard), ["220", "538", "530"]);
});

test("octets sent with STARTTLS, before its reply, end the session", async () => {
  await using server = await startTestServer();
  assert.deepEqual(codesOf(await exchange(connect(server.port, server.host), "STARTTLS\r\nNOOP\r\n")), ["220"]);
  await assert.rejects(server.nextMessage({ timeout: 1 }), /the client sent more after STARTTLS/);
});

const inside: readonly (readonly [what: string, said: (server: TestServer) => string, codes: readonly string[]])[] = [
  ["a message without a login", () => "MAIL FROM:<a@x.example>\r\n", ["530"]],
  ["a second login", (server) => login(server).repeat(2), ["235", "503"]],
  ["a command with a word too many", () => "RSET now\r\nQUIT please\r\n", ["501", "501"]],
  ["a chunk that ends with a word other than LAST", () => "BDAT 6 LST\r\nNOOP\r\n", ["501"]],
  [
    "a notification that does not exist",
    (server) => `${login(server)}MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example> NOTIFY=FAILED\r\n`,
    ["235", "250", "555"],
  ],
  [
    "a parameter that stands there twice",
    (server) => `${login(server)}MAIL FROM:<a@x.example> SIZE=5 size=6\r\n`,
    ["235", "501"],
  ],
  [
    "DATA after a chunk",
    (server) => `${login(server)}MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\nBDAT 2\r\nA:DATA\r\n`,
    ["235", "250", "250", "250", "503"],
  ],
  ["a mechanism that is not offered", () => "AUTH CRAM-MD5\r\n", ["504"]],
  ["a login that is cancelled", () => "AUTH LOGIN\r\n*\r\n", ["334", "501"]],
  ["a login that is not base64", () => "AUTH LOGIN\r\n&&\r\n", ["334", "501"]],
  [
    "a message that is announced too large",
    (server) => `${login(server)}MAIL FROM:<a@x.example> SIZE=99999999\r\n`,
    ["235", "552"],
  ],
  ["STARTTLS inside TLS", () => "STARTTLS\r\n", ["503"]],
  ["a recipient without a sender", (server) => `${login(server)}RCPT TO:<b@x.example>\r\n`, ["235", "503"]],
  [
    "a message without a recipient",
    (server) => `${login(server)}MAIL FROM:<a@x.example>\r\nDATA\r\n`,
    ["235", "250", "503"],
  ],
  ["a chunk without a recipient, whose octets do not run as commands,", () => "BDAT 6 LAST\r\nNOOP\r\n", ["503"]],
  [
    "a bare LF in a message, which could hide another message,",
    (server) => `${login(server)}MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nhi\n.\nMAIL FROM:<>\r\n.\r\n`,
    ["235", "250", "250", "354", "521"],
  ],
];
for (const [what, said, codes] of inside) {
  test(`${what} is answered ${codes.at(-1) ?? ""}`, async () => {
    await using server = await startTestServer({ transport: "implicit" });
    const heard = await exchange(sealed(server), `${EHLO}${said(server)}`);
    assert.deepEqual(codesOf(heard), ["220", "250", ...codes]);
    assert.deepEqual(server.messages, []);
  });
}

test("pipelined commands with chunks, DSN and SMTPUTF8 are accepted and recorded as sent", async () => {
  await using server = await startTestServer({ transport: "implicit" });
  const envelope = "MAIL FROM:<jürgen@x.example> SMTPUTF8 RET=HDRS ENVID=a\r\nRCPT TO:<b@x.example> NOTIFY=NEVER\r\n";
  const heard = await exchange(
    sealed(server),
    `${EHLO}${login(server)}${envelope}BDAT 3\r\nA: BDAT 5 LAST\r\n1\r\n\r\n`,
  );
  assert.deepEqual(codesOf(heard), ["220", "250", "235", "250", "250", "250", "250"]);
  const [message] = server.messages;
  assert.equal(message?.raw.toString(), "A: 1\r\n\r\n");
  assert.deepEqual(message.envelope, {
    from: "jürgen@x.example",
    to: ["b@x.example"],
    mailParameters: ["SMTPUTF8", "RET=HDRS", "ENVID=a"],
    rcptParameters: [["NOTIFY=NEVER"]],
  });
});

test("EHLO is expected again inside TLS", async () => {
  await using server = await startTestServer();
  const raw = connect(server.port, server.host);
  raw.write(`${EHLO}STARTTLS\r\n`);
  let heard = "";
  while (!heard.includes("220 2.0.0")) heard += String((await once(raw, "data"))[0]);
  const secure = connectTls({ socket: raw, host: server.host, ca: server.ca });
  secure.end(login(server));
  assert.equal(String((await once(secure, "data"))[0]).slice(0, 3), "503");
});

test("a message with REQUIRETLS is taken, and its envelope records it", async () => {
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, { tls: server.tls });
  await mailer.send({ from: "a@x.example", to: "b@x.example", text: "Hi", requireTls: true });
  assert.ok(server.messages[0]?.envelope.mailParameters.includes("REQUIRETLS"));
});

test(
  "it is reached by loopback and its own address, and by no other",
  { skip: process.platform !== "linux" },
  async () => {
    await using server = await startTestServer();
    // All of 127.0.0.0/8 is this machine, so a server for all addresses would answer.
    const elsewhere = connect(server.port, "127.0.0.2");
    await assert.rejects(once(elsewhere, "connect"), { code: "ECONNREFUSED" });
  },
);

test("every server has an authority of its own", async () => {
  await using first = await startTestServer();
  await using second = await startTestServer();
  assert.notEqual(first.ca, second.ca);
  assert.notEqual(first.password, second.password);
});
