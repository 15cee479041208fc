/** A sealed transport of Nodemailer from verify to close: what waits, what is idle, and what is given up. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { suite, test } from "node:test";
import { canaries, said } from "@postseal/lab";
import { TransportError } from "@postseal/mailer/nodemailer";
import { failure, message, serve, transporterFor } from "./stand.ts";

suite("verify, close and idle", () => {
  test("verify logs in, by promise and by callback, and sends no mail", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    assert.equal(await transporter.verify(), true);
    const success = await new Promise((resolve, reject) => {
      transporter.verify((error, verified) => (error === null ? resolve(verified) : reject(error)));
    });
    assert.equal(success, true);
    assert.deepEqual(server.transcript.messages, []);
    assert.match(server.transcript.connections.map((one) => said(one, "client", "tls")).join(""), /^AUTH /m);
  });

  test("an application's loop on idle sends all its messages", async () => {
    await using server = await serve();
    await using transporter = transporterFor(server);
    const queue = Array.from({ length: 80 }, (_, index) => ({ ...message, subject: `number ${index}` }));
    const sent: Promise<unknown>[] = [];
    let turns = 0;
    await new Promise<void>((resolve) => {
      transporter.on("idle", () => {
        turns += 1;
        for (let next = queue.shift(); next !== undefined; next = transporter.isIdle() ? queue.shift() : undefined) {
          sent.push(transporter.sendMail(next));
        }
        if (queue.length === 0) resolve();
      });
    });
    await Promise.all(sent);
    await transporter[Symbol.asyncDispose]();
    await server.settled();
    assert.equal(server.transcript.messages.length, 80);
    assert.ok(turns > 1, "the transport was never full");
  });

  test("close finishes the messages under way and fails later ones", async () => {
    await using server = await serve();
    const transporter = transporterFor(server);
    await once(transporter, "idle");
    const sending = transporter.sendMail(message);
    await new Promise(setImmediate);
    transporter.close();
    const later = await failure(transporter.sendMail(message), TransportError);
    assert.equal(later.code, "ECONNECTION");
    assert.equal(transporter.isIdle(), false);
    assert.deepEqual((await sending).accepted, [canaries.recipient]);
  });

  test("close with force ends the messages under way", async () => {
    await using server = await serve({ tls: { on: { MAIL: [{ do: "stall" }] } } });
    await using transporter = transporterFor(server);
    const sending = failure(transporter.sendMail(message), TransportError);
    await server.attacked();
    transporter.close({ force: true });
    assert.equal((await sending).code, "EABORT");
  });

  test("a signal ends one send at any stage", async () => {
    await using server = await serve({ tls: { on: { MAIL: [{ do: "stall" }] } } });
    await using transporter = transporterFor(server);
    const controller = new AbortController();
    const sending = failure(transporter.sendMail({ ...message, signal: controller.signal }), TransportError);
    await server.attacked();
    controller.abort();
    const error = await sending;
    assert.deepEqual([error.code, error.name, error.postsealCode], ["EABORT", "AbortError", "MAIL_ABORTED"]);
    // This holds too if the source never gives anything.
    const stalled = new AbortController();
    const attachments = [{ filename: "a", content: new PassThrough() }];
    const waiting = failure(transporter.sendMail({ ...message, attachments, signal: stalled.signal }), TransportError);
    await new Promise(setImmediate);
    stalled.abort();
    assert.equal((await waiting).code, "EABORT");
  });
});
