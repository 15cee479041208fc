/** A test that reads messages while they arrive: at its own pace, and each octet or an error. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import { createTransport } from "nodemailer";
import { createMailer, MailError } from "@postseal/mailer";
import { type ArrivingMessage, startTestServer, type TestServer } from "@postseal/testing";
import { codesOf, EHLO, exchange, login, sealed } from "./raw-client.ts";

const envelope = { from: "app@example.com", to: "bob@example.org" };
const LONG = `From: app@example.com\r\nSubject: long\r\n\r\n${"A line of a long message, of which there are many.\r\n".repeat(100_000)}`;
const digest = (octets: string): string => createHash("sha256").update(octets).digest("hex");

async function byChunks(server: TestServer): Promise<unknown> {
  await using mailer = createMailer(server.url, { tls: server.tls });
  return await mailer.send({ envelope, message: LONG });
}

function byData(server: TestServer): Promise<unknown> {
  const { host, port, username: user, password: pass, ca } = server;
  const transport = createTransport({ host, port, requireTLS: true, auth: { user, pass }, tls: { ca } });
  return transport.sendMail({ envelope, raw: LONG }).finally(() => transport.close());
}

for (const [how, send] of [
  ["BDAT", byChunks],
  ["DATA", byData],
] as const) {
  test(`a message by ${how} is read in pieces, none of them long, and is the same`, async () => {
    const hash = createHash("sha256");
    let longest = 0;
    const envelopes: unknown[] = [];
    await using server = await startTestServer({
      receive: async (message) => {
        envelopes.push({ to: message.envelope.to, username: message.username });
        for await (const octets of message.octets) {
          hash.update(octets);
          longest = Math.max(longest, octets.length);
          await turn();
        }
      },
    });
    await send(server);
    assert.equal(hash.digest("hex"), digest(LONG));
    assert.deepEqual(envelopes, [{ to: [envelope.to], username: server.username }]);
    // What waits for the reader, and what the connection may have read before it was paused.
    assert.ok(longest <= 512 * 1024, `a piece of ${longest} octets`);
    assert.deepEqual(server.messages, []);
    await assert.rejects(server.nextMessage(), /There is no next message: `receive` reads them all/);
  });
}

test("the server accepts the message when the receiver is done, even if it did not read everything", async () => {
  const done: string[] = [];
  await using server = await startTestServer({
    receive: async ({ octets }) => {
      for await (const piece of octets) {
        done.push(`read ${piece.length > 0}`);
        break;
      }
      await turn();
      done.push("done");
    },
  });
  await byChunks(server);
  assert.deepEqual(done, ["read true", "done"]);
});

test("a receiver that fails fails the send and the test", async () => {
  const server = await startTestServer({
    receive: ({ octets }) => {
      throw new Error(`not for me: ${typeof octets}`);
    },
  });
  await assert.rejects(byChunks(server), MailError);
  assert.throws(() => server.reset(), /not for me: object/);
  await server.close();
});

const ends: readonly (readonly [what: string, said: string, why: RegExp, codes: readonly string[]])[] = [
  ["a client that leaves", "BDAT 90 LAST\r\nhalf", /the client left/, []],
  ["a client that says RSET", "BDAT 4\r\nhalfRSET\r\n", /the client said RSET/, ["250", "250"]],
  [
    "a chunk too large",
    "BDAT 4\r\nhalfBDAT 97 LAST\r\n".concat("x".repeat(97)),
    /larger than sizeLimit/,
    ["250", "552"],
  ],
  ["DATA too large", `DATA\r\n${"x".repeat(99)}\r\n.\r\n`, /larger than sizeLimit/, ["354", "552"]],
];
for (const [what, said, why, codes] of ends) {
  test(`the receiver of ${what} sees that the message is not taken`, async () => {
    const { promise: failed, resolve } = Promise.withResolvers<unknown>();
    await using server = await startTestServer({
      transport: "implicit",
      sizeLimit: 100,
      receive: (message) => readAll(message).catch(resolve),
    });
    const before = `${EHLO}${login(server)}MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\n`;
    const heard = await exchange(sealed(server), `${before}${said}`);
    assert.match(String(await failed), why);
    assert.deepEqual(codesOf(heard).slice(5), codes);
  });
}

test("a chunk too large by its count is refused at once, and no message begins", async () => {
  const begun: string[] = [];
  await using server = await startTestServer({
    transport: "implicit",
    sizeLimit: 100,
    receive: ({ envelope: { from } }) => {
      begun.push(from);
    },
  });
  const before = `${EHLO}${login(server)}MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\n`;
  const heard = await exchange(sealed(server), `${before}BDAT 101\r\n${"x".repeat(101)}BDAT 1 LAST\r\nx`);
  assert.deepEqual(codesOf(heard).slice(5), ["552", "503"]);
  assert.deepEqual(begun, []);
});

test("a message with a failure that was asked for is not taken by its receiver", async () => {
  const { promise: failed, resolve } = Promise.withResolvers<unknown>();
  await using server = await startTestServer({ receive: (message) => readAll(message).catch(resolve) });
  server.failNext("552");
  await assert.rejects(byChunks(server), MailError);
  assert.match(String(await failed), /a failure was asked for/);
});

async function readAll({ octets }: ArrivingMessage): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of octets) pieces.push(piece);
}
