/** Nodemailer composes, and the outbox keeps: `sealed(outbox)`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import nodemailer from "nodemailer";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";
import { letter, rigFor } from "../outbox/rig.ts";

/** Nodemailer's own types do not know the option. */
function withOptions(options: unknown, changes: object = {}): typeof letter & { readonly outbox: unknown } {
  return { ...letter, ...changes, outbox: options };
}

test("a message is queued with its options, in Nodemailer's result shape, and sent by a worker", async (t) => {
  const { server, outbox } = await rigFor(t);
  const transporter = nodemailer.createTransport(sealed(outbox, { stream: "bulk", tags: ["news"] }));
  const message = { ...letter, cc: "Eve <eve@example.org>", outbox: { key: "newsletter/12" } };
  const info = await transporter.sendMail(message);
  const { id } = info.queued;
  assert.deepEqual(info, {
    envelope: { from: "shop@example.com", to: ["bob@example.org", "eve@example.org"] },
    messageId: info.messageId,
    accepted: ["bob@example.org", "eve@example.org"],
    rejected: [],
    pending: [],
    response: `queued as ${id}`,
    queued: { id, duplicate: false },
  });
  assert.equal(server.messages.length, 0);
  const [queued] = await outbox.list();
  assert.deepEqual(
    [queued?.id, queued?.stream, queued?.tags, queued?.key, queued?.messageId],
    [id, "bulk", ["news"], "newsletter/12", info.messageId],
  );
  await outbox.drain();
  assert.deepEqual(server.messages[0]?.headers.get("message-id"), [info.messageId]);
  assert.equal(await transporter.verify(), true);
  transporter.close();
  // The outbox is the application's.
  assert.equal((await outbox.stats()).states.done, 1);
});

test("a 3 MB attachment is stored whole, and hostile input is refused before anything is queued", async (t) => {
  const { server, outbox } = await rigFor(t);
  const transporter = nodemailer.createTransport(sealed(outbox));
  const content = Buffer.alloc(3_000_000, "0123456789abcdef");
  await transporter.sendMail({ ...letter, attachments: [{ filename: "a.bin", content }] });
  for (const [code, hostile] of [
    ["EENVELOPE", { to: "b@x>\r\nRCPT TO:<e@e" }],
    ["ECONFIG", { outbox: { stream: "two words" } }],
    ["ECONFIG", { outbox: { priority: "high" } }],
    ["EMESSAGE", { outbox: "bulk" }],
  ] as const) {
    const sending = transporter.sendMail({ ...letter, ...hostile });
    await assert.rejects(sending, (error) => error instanceof TransportError && error.code === code, code);
  }
  assert.equal((await outbox.stats()).states.waiting, 1);
  await outbox.drain();
  assert.ok((server.messages[0]?.raw.length ?? 0) > 4_000_000);
});

test("an error of the outbox has its own code beside Nodemailer's, and none that means: send again", async (t) => {
  const { outbox } = await rigFor(t);
  const transporter = nodemailer.createTransport(sealed(outbox));
  await transporter.sendMail(withOptions({ key: "k" }));
  const other = transporter.sendMail(withOptions({ key: "k" }, { text: "Another." }));
  await assert.rejects(other, { code: "EMESSAGE", originalCode: "OUTBOX_KEY_CONFLICT", disposition: "give-up" });
  await outbox.close();
  await assert.rejects(transporter.sendMail(letter), { code: "EMESSAGE", originalCode: "OUTBOX_CLOSED" });
  await assert.rejects(transporter.verify(), { originalCode: "OUTBOX_CLOSED" });
});

test("options for an outbox are refused by a transport that sends at once", async (t) => {
  const { server } = await rigFor(t);
  const transporter = nodemailer.createTransport(sealed(server.url, { tls: server.tls }));
  await assert.rejects(transporter.sendMail(withOptions({ key: "k" })), /sends at once/);
  assert.equal(server.messages.length, 0);
  await transporter.sendMail(letter);
  transporter.close();
});
