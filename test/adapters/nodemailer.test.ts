/** Nodemailer over a sealed transport: what Nodemailer's tests say of its SMTP transports, as facts about this one. */
import assert from "node:assert/strict";
import { PassThrough, Readable, Transform } from "node:stream";
import { suite, test } from "node:test";
import { canaries, said } from "@postseal/lab";
import { AuthenticationError, UnknownOutcomeError } from "@postseal/mailer";
import { sealed, type SentInfo, TransportError } from "@postseal/mailer/nodemailer";
import PostalMime from "postal-mime";
import { delivered, failure, message, serve, transporterFor } from "./stand.ts";

suite("what sendMail resolves with", () => {
  test("Nodemailer's own fields, the seal and the receipt", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const info = await transporter.sendMail({
      ...message,
      cc: "Rook <rook@recipient.example.test>",
      messageId: "<m1@sender.example.test>",
    });
    const recipients = [canaries.recipient, "rook@recipient.example.test"];
    assert.deepEqual(info.envelope, { from: canaries.sender, to: recipients });
    assert.deepEqual([info.accepted, info.rejected, info.pending], [recipients, [], []]);
    assert.equal(info.messageId, "<m1@sender.example.test>");
    assert.match(info.response, /^250 /);
    assert.equal(info.seal?.protocol, "TLSv1.3");
    assert.equal(info.receipt.recipients.length, 2);
    const { reversePath, forwardPaths, body } = await delivered(server, transporter);
    assert.deepEqual([reversePath, forwardPaths], [canaries.sender, recipients]);
    assert.ok(body.includes(canaries.body));
  });

  test("a callback gets the same result", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const info = await new Promise<SentInfo>((resolve, reject) => {
      transporter.sendMail(message, (error, sent) => (error === null ? resolve(sent) : reject(error)));
    });
    assert.deepEqual(info.accepted, [canaries.recipient]);
  });

  test("if one recipient is refused and another accepted, `rejected` has the refused one with its reply", async () => {
    const refusal = { do: "say", text: "550 5.1.1 No such user\r\n" } as const;
    await using server = await serve({ tls: { on: { RCPT: [refusal] }, only: { RCPT: 2 } } });
    await using transporter = transporterFor(server);
    const info = await transporter.sendMail({ ...message, bcc: "rook@recipient.example.test" });
    assert.deepEqual([info.accepted, info.rejected], [[canaries.recipient], ["rook@recipient.example.test"]]);
    const [error] = info.rejectedErrors ?? [];
    assert.deepEqual([error?.recipient, error?.code], ["rook@recipient.example.test", "EENVELOPE"]);
    assert.deepEqual([error?.response, error?.responseCode], ["550 5.1.1 No such user", 550]);
  });

  test("the null reverse-path is empty, as in Nodemailer", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const info = await transporter.sendMail({ ...message, envelope: { from: false, to: canaries.recipient } });
    assert.equal(info.envelope.from, "");
    assert.equal((await delivered(server, transporter)).reversePath, "");
  });
});

suite("what Nodemailer composes arrives as it was composed", () => {
  test("alternatives, attachments of every kind, list and priority headers", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    await transporter.sendMail({
      ...message,
      subject: "Grüße aus dem Moor",
      html: "<p>The heron <img src='cid:dot'></p>",
      attachments: [
        { filename: "naïve.txt", content: "one\ntwo" },
        { filename: "dot.gif", content: Buffer.from("GIF89a"), cid: "dot" },
        { filename: "stream.bin", content: Readable.from([Buffer.alloc(3000, 7)]) },
        { path: "data:text/plain;base64,aGVyb24=", filename: "uri.txt" },
      ],
      list: { unsubscribe: "https://example.test/leave", id: { url: "news.example.test", comment: "News" } },
      headers: { "X-Heron": "grey" },
      priority: "high",
      inReplyTo: "<before@example.test>",
    });
    const parsed = await PostalMime.parse(Buffer.from((await delivered(server, transporter)).body, "latin1"));
    assert.equal(parsed.subject, "Grüße aus dem Moor");
    assert.equal(parsed.text?.trim(), canaries.body);
    assert.match(parsed.html ?? "", /cid:dot/);
    assert.deepEqual(
      parsed.attachments.map(({ filename }) => filename),
      ["dot.gif", "naïve.txt", "stream.bin", "uri.txt"],
    );
    const header = (name: string): string | undefined => parsed.headers.find(({ key }) => key === name)?.value;
    assert.equal(header("list-unsubscribe"), "<https://example.test/leave>");
    assert.equal(header("x-heron"), "grey");
    assert.equal(header("x-priority"), "1 (Highest)");
    assert.equal(header("in-reply-to"), "<before@example.test>");
  });

  test("a message too long to be collected is streamed to its last octet", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const content = Buffer.alloc(2_000_000, "heron ");
    await transporter.sendMail({
      ...message,
      attachments: [{ filename: "long.bin", content: Readable.from([content]) }],
    });
    const parsed = await PostalMime.parse(Buffer.from((await delivered(server, transporter)).body, "latin1"));
    const attached = parsed.attachments[0]?.content;
    assert.ok(attached instanceof ArrayBuffer && content.equals(Buffer.from(attached)));
  });

  test("a text with any line ends arrives with CRLF alone, even with a line of one dot", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    await transporter.sendMail({ ...message, text: "one\n.\ntwo\r\n.three\n" });
    const { body } = await delivered(server, transporter);
    assert.ok(body.endsWith("\r\n\r\none\r\n.\r\ntwo\r\n.three\r\n"), body);
  });

  test("a ready-made message is sent unchanged", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const raw = `From: ${canaries.sender}\nSubject: raw\n\nready`;
    await transporter.sendMail({ envelope: { from: canaries.sender, to: canaries.recipient }, raw });
    assert.equal((await delivered(server, transporter)).body, `${raw.replaceAll("\n", "\r\n")}\r\n`);
  });

  test("plugins of both steps and the defaults take effect", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server, {}, { from: message.from, headers: { "X-Default": "yes" } });
    transporter.use("compile", (mail, done) => {
      mail.data.subject = "from a template";
      done();
    });
    transporter.use("stream", (mail, done) => {
      mail.message.transform(
        new Transform({
          transform: (chunk: Buffer, _, next) => next(null, chunk.toString("latin1").replace("heron", "crane")),
        }),
      );
      done();
    });
    await transporter.sendMail({ to: message.to, text: message.text });
    const { body } = await delivered(server, transporter);
    assert.match(body, /^Subject: from a template\r$/m);
    assert.match(body, /^X-Default: yes\r$/m);
    assert.match(body, /The crane stood/);
  });

  test("Bcc recipients get the message and no header names them; `keepBcc` is refused", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    await transporter.sendMail({ ...message, bcc: "rook@recipient.example.test" });
    transporter.use("stream", (mail, done) => {
      mail.message.keepBcc = true;
      done();
    });
    const error = await failure(
      transporter.sendMail({ ...message, bcc: "rook@recipient.example.test" }),
      TransportError,
    );
    assert.deepEqual([error.code, error.postsealCode], ["EMESSAGE", "MAIL_INPUT_MESSAGE"]);
    const { forwardPaths, body } = await delivered(server, transporter);
    assert.deepEqual(forwardPaths, [canaries.recipient, "rook@recipient.example.test"]);
    assert.doesNotMatch(body, /rook|^bcc/im);
  });

  test("delivery notifications are requested with Nodemailer's option names", async () => {
    await using server = await serve({ tls: { capabilities: ["DSN", "AUTH PLAIN"] } });
    await using transporter = transporterFor(server);
    await transporter.sendMail({ ...message, dsn: { id: "x1", return: "headers", notify: ["failure", "delay"] } });
    await delivered(server, transporter);
    const heard = server.transcript.connections.map((one) => said(one, "client", "tls")).join("");
    assert.match(heard, /^MAIL FROM:<petrel@.*> .*RET=HDRS ENVID=x1/m);
    assert.match(heard, /^RCPT TO:<dunlin@.*> NOTIFY=FAILURE,DELAY/m);
  });
});

suite("REQUIRETLS, by Nodemailer's name", () => {
  test("goes to a server that offers it", async () => {
    await using server = await serve({ tls: { capabilities: ["REQUIRETLS", "AUTH PLAIN"] } });
    await using transporter = transporterFor(server);
    await transporter.sendMail({ ...message, requireTLSExtensionEnabled: true });
    await delivered(server, transporter);
    const heard = server.transcript.connections.map((one) => said(one, "client", "tls")).join("");
    assert.match(heard, /^MAIL FROM:<petrel@.*> .*REQUIRETLS/m);
  });

  test("keeps the message from any other, with Nodemailer's code", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const sending = transporter.sendMail({ ...message, requireTLSExtensionEnabled: true });
    const error = await failure(sending, TransportError);
    assert.deepEqual([error.code, error.command], ["EREQUIRETLS", "MAIL FROM"]);
    assert.deepEqual(server.transcript.messages, []);
  });
});

suite("errors carry Nodemailer's fields beside ours", () => {
  test("a sender that is refused", async () => {
    await using server = await serve({ tls: { on: { MAIL: [{ do: "say", text: "550 5.1.8 Not yours\r\n" }] } } });
    await using transporter = transporterFor(server);
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.deepEqual([error.code, error.command], ["EENVELOPE", "MAIL FROM"]);
    assert.deepEqual([error.response, error.responseCode, error.permanent], ["550 5.1.8 Not yours", 550, true]);
    assert.deepEqual([error.postsealCode, error.disposition], ["MAIL_REFUSED", "give-up"]);
    assert.equal(error.rejected, undefined, "a refused sender says nothing of the recipients");
  });

  test("a message that is refused for now", async () => {
    await using server = await serve({ tls: { on: { final: [{ do: "say", text: "451 4.3.0 Later\r\n" }] } } });
    await using transporter = transporterFor(server);
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.deepEqual(
      [error.code, error.command, error.responseCode, error.permanent],
      ["EMESSAGE", "DATA", 451, false],
    );
    assert.deepEqual([error.postsealCode, error.disposition], ["MAIL_DEFERRED", "retry"]);
  });

  test("a password that is refused, by send and by verify", async () => {
    await using server = await serve({ tls: { on: { AUTH: [{ do: "say", text: "535 5.7.8 No\r\n" }] } } });
    await using transporter = transporterFor(server);
    for (const attempt of [() => transporter.sendMail(message), () => transporter.verify()]) {
      const error = await failure(attempt(), TransportError);
      assert.deepEqual([error.code, error.responseCode, error.postsealCode], ["EAUTH", 535, "MAIL_AUTH_REFUSED"]);
      assert.match(error.command ?? "", /^AUTH [A-Z]/);
      assert.ok(error.cause instanceof AuthenticationError);
    }
  });

  test("a server that is not there", async () => {
    const server = await serve();
    await server[Symbol.asyncDispose]();
    await using transporter = transporterFor(server);
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.deepEqual([error.code, error.command, error.postsealCode], ["ESOCKET", "CONN", "MAIL_NETWORK_CONNECT"]);
    assert.equal(error.originalCode, "ECONNREFUSED");
  });

  test("a server that is silent", async () => {
    await using server = await serve({ clear: { on: { greeting: [{ do: "stall" }] } } });
    await using transporter = transporterFor(server, { timeouts: { greeting: 50 } });
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.deepEqual([error.code, error.postsealCode], ["ETIMEDOUT", "MAIL_NETWORK_TIMEOUT"]);
  });

  test("a greeting that refuses", async () => {
    await using server = await serve({ clear: { on: { greeting: [{ do: "say", text: "554 No service\r\n" }] } } });
    await using transporter = transporterFor(server);
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.deepEqual([error.code, error.command, error.postsealCode], ["EPROTOCOL", "CONN", "MAIL_GREETING_REFUSED"]);
  });

  test("the error of a message whose fate is unknown has no code on which applications send again", async () => {
    await using server = await serve({ tls: { on: { final: [{ do: "close" }] } } });
    await using transporter = transporterFor(server);
    const error = await failure(transporter.sendMail(message), TransportError);
    assert.ok(error.cause instanceof UnknownOutcomeError);
    assert.deepEqual([error.code, error.disposition], ["EMESSAGE", "ask"]);
  });

  test("a file that cannot be read", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const attachments = [{ path: "/nonexistent/heron" }];
    const error = await failure(transporter.sendMail({ ...message, attachments }), TransportError);
    assert.deepEqual([error.code, error.originalCode, error.disposition], ["ESTREAM", "ENOENT", "give-up"]);
    assert.equal(server.transcript.connections.length, 0);
  });

  test("a stream that breaks in the middle of a long message fails, and the server takes nothing", async () => {
    await using server = await serve({ tls: { on: { MAIL: [{ do: "honest" }] } } });
    await using transporter = transporterFor(server);
    const content = new PassThrough();
    content.write(Buffer.alloc(3_000_000));
    const sending = failure(
      transporter.sendMail({ ...message, attachments: [{ filename: "a", content }] }),
      TransportError,
    );
    await server.attacked();
    content.destroy(new Error("the disk is gone"));
    const error = await sending;
    assert.deepEqual([error.code, error.receipt?.recipients[0]?.outcome], ["ESTREAM", "unsent"]);
    assert.match(error.message, /the disk is gone/);
    await server.settled();
    assert.deepEqual(server.transcript.messages, []);
  });

  test("file access that the application switched off stays off", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const attachments = [{ path: "/etc/hostname" }];
    const error = await failure(
      transporter.sendMail({ ...message, attachments, disableFileAccess: true }),
      TransportError,
    );
    assert.deepEqual([error.code, error.originalCode], ["ESTREAM", "EFILEACCESS"]);
  });
});

suite("options that a sealed transport cannot honour are refused, not silently ignored", () => {
  test("another account for one message, and a proxy", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const auth = await failure(
      transporter.sendMail({ ...message, auth: { user: "other", pass: "x" } }),
      TransportError,
    );
    assert.equal(auth.code, "EMESSAGE");
    transporter.setupProxy("http://127.0.0.1:9");
    const proxy = await failure(transporter.sendMail(message), TransportError);
    assert.equal(proxy.code, "ECONFIG");
    assert.deepEqual(server.transcript.connections, []);
  });
});

test("the version is the package's", async () => {
  const { default: manifest } = await import("@postseal/mailer/package.json", { with: { type: "json" } });
  const { name, version } = sealed("submission://mail.example.test");
  assert.deepEqual([name, version], ["Postseal", manifest.version]);
});
