/** What `composeMessage` returns is sent as any message: again and again, at once from several calls, and as a ready message. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { composeMessage, connectSealed } from "@postseal/mailer";
import { byBdat, byData, fates, rigWith, sessionTo, wordOf } from "./client.ts";

const letter = { from: "a@x.example", to: "to-a@x.example", text: "Hello" };

test("a composed message is sent by mailers and sessions, each time with the same octets", async () => {
  const composed = await composeMessage({ ...letter, attachments: [{ source: opened, filename: "a.bin" }] });
  const { server, mailer } = await rigWith({ capabilities: byData });
  const { url, options } = await sessionTo(server, "implicit");
  const session = await connectSealed(url, options);
  const words = [
    ...(await Promise.all(Array.from({ length: 3 }, () => wordOf(mailer.send(composed))))),
    await wordOf(session.send(composed)),
  ];
  for await (const { receipt } of mailer.sendAll([composed])) assert.equal(receipt?.messageId, composed.messageId);
  await Promise.all([mailer.close(), session.close()]);
  assert.deepEqual(new Set(fates(words)), new Set(["accepted"]));
  assert.deepEqual(new Set(words.map(({ receipt }) => receipt.messageId)), new Set([composed.messageId]));
  const bodies = server.taken.map(({ body }) => body);
  assert.deepEqual([bodies.length, new Set(bodies).size], [5, 1]);
  const chunks: Uint8Array[] = [];
  for await (const chunk of composed.octets()) chunks.push(chunk);
  assert.equal(bodies[0], Buffer.concat(chunks).toString("latin1"));
});

async function* opened(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("x".repeat(1_000));
}

test("its octets go to some of its recipients as a ready message", async () => {
  const composed = await composeMessage({ ...letter, to: ["to-a@x.example", "cc-a@x.example"] });
  const { envelope, size, smtpUtf8 } = composed;
  assert.ok(size !== undefined);
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  const some = { from: envelope.from, to: envelope.to.slice(1) };
  await mailer.send({ envelope: some, message: () => composed.octets(), size, smtpUtf8 });
  await mailer.send(composed);
  await mailer.close();
  assert.deepEqual(
    server.taken.map(({ recipients }) => recipients),
    [["cc-a@x.example"], ["to-a@x.example", "cc-a@x.example"]],
  );
  assert.equal(server.taken[0]?.body, server.taken[1]?.body);
});

test("a stream that can be read once is ended by the send, and a second send says that it was read", async () => {
  const source = Readable.from([Buffer.from("x")]);
  const composed = await composeMessage({ ...letter, attachments: [{ source, filename: "a.bin" }] });
  const { mailer } = await rigWith({ capabilities: byData });
  const words = [await wordOf(mailer.send(composed)), await wordOf(mailer.send(composed))];
  await mailer.close();
  assert.deepEqual(fates(words), ["accepted", "unsent"]);
  assert.match(String(words[1]?.error), /read already/);
  assert.ok(source.destroyed);
});
