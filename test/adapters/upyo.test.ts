/** Upyo over a sealed transport: its messages and its receipts. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { canaries, said, vectorNamed } from "@postseal/lab";
import { AbortedError } from "@postseal/mailer";
import { type SealedTransport, sealed } from "@postseal/mailer/upyo";
import { createMessage, type Message, type Transport } from "@upyo/core";
import PostalMime from "postal-mime";
import { attack, delivered, failure, options, serve, urlOf } from "./stand.ts";

const message = createMessage({
  from: `Petrel <${canaries.sender}>`,
  to: canaries.recipient,
  subject: "at dusk",
  content: { text: `${canaries.body}\n` },
});

function transportFor(server: Parameters<typeof urlOf>[0]): SealedTransport {
  const transport = sealed(urlOf(server), options);
  // This line compiles only if our transport is one of Upyo's.
  const upyo: Transport = transport;
  assert.ok(upyo === transport);
  return transport;
}

test("a message with everything arrives sealed, and its receipt has Upyo's fields and ours", async () => {
  await using server = await serve();
  await using transport = transportFor(server);
  const receipt = await transport.send(
    createMessage({
      from: `Petrel <${canaries.sender}>`,
      to: [canaries.recipient, "Rook <rook@recipient.example.test>"],
      cc: "cc@recipient.example.test",
      bcc: "bcc@recipient.example.test",
      replyTo: "reply@sender.example.test",
      subject: "Grüße",
      content: { text: canaries.body, html: "<img src='cid:dot'>" },
      attachments: [
        {
          inline: true,
          filename: "dot.gif",
          content: Promise.resolve(Buffer.from("GIF89a")),
          contentType: "image/gif",
          contentId: "dot",
        },
        { inline: false, filename: "naïve.txt", content: Buffer.from("one"), contentType: "text/plain", contentId: "" },
      ],
      priority: "high",
      headers: { "X-Heron": "grey", "In-Reply-To": "<before@example.test>", "Message-ID": "<m1@sender.example.test>" },
      tags: ["welcome"],
    }),
  );
  assert.ok(receipt.successful);
  assert.equal(receipt.messageId, "<m1@sender.example.test>");
  assert.equal(receipt.seal?.protocol, "TLSv1.3");
  const { forwardPaths, body } = await delivered(server, transport);
  assert.equal(forwardPaths.length, 4);
  const parsed = await PostalMime.parse(Buffer.from(body, "latin1"));
  assert.equal(parsed.subject, "Grüße");
  assert.equal(parsed.replyTo?.[0]?.address, "reply@sender.example.test");
  assert.deepEqual(
    parsed.attachments.map(({ filename }) => filename),
    ["dot.gif", "naïve.txt"],
  );
  const header = (name: string): string | undefined => parsed.headers.find(({ key }) => key === name)?.value;
  assert.deepEqual(
    [header("x-heron"), header("in-reply-to"), header("x-priority"), header("bcc")],
    ["grey", "<before@example.test>", "1", undefined],
  );
});

suite("a failure becomes a receipt", () => {
  test("if STARTTLS is stripped, and only EHLO was said", async () => {
    await using impostor = await attack(vectorNamed("A1-removed-auth"));
    await using transport = transportFor(impostor);
    const receipt = await transport.send(message);
    assert.ok(!receipt.successful);
    assert.deepEqual([receipt.code, receipt.disposition], ["MAIL_TLS_NOT_OFFERED", "retry"]);
    assert.match(receipt.errorMessages[0] ?? "", /did not offer STARTTLS/);
    assert.equal((await impostor.verdict("not-sent")).verdict, "held");
    assert.deepEqual(
      impostor.transcript.connections.map((connection) => said(connection, "client", "clear")),
      ["EHLO [127.0.0.1]\r\n"],
    );
  });

  test("if one recipient of two is refused: it names both, so that nobody gets the message twice", async () => {
    const refusal = { do: "say", text: "550 5.1.1 No such user\r\n" } as const;
    await using server = await serve({ tls: { on: { RCPT: [refusal] }, only: { RCPT: 2 } } });
    await using transport = transportFor(server);
    const receipt = await transport.send({
      ...message,
      ccRecipients: [{ address: "rook@recipient.example.test" }],
    });
    assert.ok(!receipt.successful);
    assert.deepEqual(
      receipt.recipients.map(({ outcome }) => outcome),
      ["accepted", "refused"],
    );
    assert.match(
      receipt.errorMessages.join("\n"),
      /some recipients only.*\n.*dunlin.*accepted.*\n.*rook.*550 5\.1\.1 No such user/,
    );
  });

  test("if an address is hostile, or an attachment cannot be read", async () => {
    await using server = await serve();
    await using transport = transportFor(server);
    const address = await transport.send({ ...message, recipients: [{ address: "b@x>\r\nRCPT TO:<e@e.test" }] });
    assert.ok(!address.successful && address.code === "MAIL_INPUT_ADDRESS");
    const content = Promise.reject(new Error("gone"));
    const attachments = [{ inline: false, filename: "a", content, contentType: "text/plain", contentId: "" } as const];
    const attachment = await transport.send({ ...message, attachments });
    assert.ok(!attachment.successful && attachment.code === "MAIL_INPUT_ATTACHMENT");
    assert.equal(server.transcript.connections.length, 0);
  });
});

test("many messages from either kind of iterable have a receipt each and share a connection", async () => {
  await using server = await serve();
  await using transport = transportFor(server);
  const bad: Message = { ...message, recipients: [] };
  async function* later(): AsyncGenerator<Message> {
    yield message;
    yield message;
  }
  const outcomes: boolean[] = [];
  for (const messages of [[message, bad, message], later()]) {
    for await (const { successful } of transport.sendMany(messages)) outcomes.push(successful);
  }
  assert.deepEqual(outcomes, [true, false, true, true, true]);
  assert.equal(server.transcript.connections.length, 1);
});

test("a caller that stops reading receipts stops the sending", async () => {
  await using server = await serve();
  await using transport = transportFor(server);
  for await (const { successful } of transport.sendMany([message, message, message])) {
    assert.ok(successful);
    break;
  }
  await delivered(server, transport);
});

test("an abort rejects the send, before it starts and while it runs", async () => {
  await using server = await serve({ tls: { on: { MAIL: [{ do: "stall" }] } } });
  await using transport = transportFor(server);
  const before = AbortSignal.abort(new Error("not now"));
  await assert.rejects(transport.send(message, { signal: before }), /not now/);
  const controller = new AbortController();
  const sending = failure(transport.send(message, { signal: controller.signal }), AbortedError);
  await server.attacked();
  controller.abort();
  assert.equal((await sending).code, "MAIL_ABORTED");
});
