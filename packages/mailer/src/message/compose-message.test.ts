/** A message that is composed once keeps its Message-ID, date and octets; its streams are ended, and nothing of it can be forged. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { composeMessage } from "./compose-message.ts";
import type { Composed } from "./composed.ts";
import type { ComposedMessage, Message } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const letter: ComposedMessage = { from: "a@example.org", to: ["b@example.org", "c@example.org"], text: "Hello" };
const envelope = { from: "a@example.org", to: "b@example.org" };

async function octets(composed: Composed): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of composed.octets()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("it tells who gets it, and gives the same octets again and again", async () => {
  const composed = await composeMessage(letter);
  const { size, messageId, smtpUtf8, requireTls, dsn } = composed;
  assert.deepEqual(composed.envelope, { from: "a@example.org", to: ["b@example.org", "c@example.org"] });
  const [first, second] = [await octets(composed), await octets(composed)];
  assert.deepEqual(first, second);
  assert.equal(first.length, size);
  assert.ok(messageId !== undefined && first.includes(`Message-ID: ${messageId}\r\n`));
  assert.deepEqual([smtpUtf8, requireTls, dsn], [false, false, undefined]);
});

test("what a transaction gets of it is what was judged", async () => {
  const composed = await composeMessage({ ...letter, requireTls: true, dsn: { notify: ["failure"] } });
  const prepared = await prepareMessage(composed);
  assert.equal(prepared, await prepareMessage(composed));
  assert.equal(prepared.messageId, composed.messageId);
  assert.deepEqual([prepared.requireTls, prepared.dsn?.notify], [true, ["failure"]]);
  assert.equal(await composeMessage(composed).then(({ messageId }) => messageId), composed.messageId);
});

test("its octets, size and envelope make a ready message that is sent in the same way", async () => {
  const text = fc.string({ unit: "binary", maxLength: 200 }).filter((given) => !/[\0\r\u{d800}-\u{dfff}]/u.test(given));
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom("b@example.org", "b@bücher.example", '"b b"@example.org', "bö@example.org"),
      async (body, to) => {
        const composed = await composeMessage({ ...letter, to, text: body });
        const { size, smtpUtf8, requireTls, dsn } = composed;
        const stream = { envelope: composed.envelope, message: () => composed.octets(), smtpUtf8, requireTls, dsn };
        const again = await composeMessage(size === undefined ? stream : { ...stream, size });
        assert.deepEqual([again.envelope, again.size, again.smtpUtf8], [composed.envelope, size, smtpUtf8]);
        assert.deepEqual(await octets(again), await octets(composed));
      },
    ),
    { numRuns: 50 },
  );
});

test("the chunks stay as they are, although files and long octets are read in blocks that are reused", async () => {
  const line = (index: number): string => `${String(index).padStart(70, "0")}\r\n`;
  const message = `From: a@b\r\n\r\n${Array.from({ length: 20_000 }, (_, index) => line(index)).join("")}`;
  const composed = await composeMessage({ envelope, message: Buffer.from(message) });
  assert.equal((await octets(composed)).toString(), message);
});

test("nothing of it can be changed, so that what is shown is what is sent", async () => {
  const composed = await composeMessage({ ...letter, dsn: { notify: ["failure"] } });
  for (const part of [composed, composed.envelope, composed.envelope.to, composed.dsn])
    assert.equal(Reflect.set(Object(part), "from", "x@example.org"), false);
});

test("a copy of it, or an object that looks like it, is refused, and the error says what to do", async () => {
  const composed = await composeMessage(letter);
  const copy: Message = Object.assign({}, composed);
  await assert.rejects(composeMessage(copy), {
    code: "MAIL_INPUT_MESSAGE",
    message: /what composeMessage returned itself/,
  });
  const heir: Message = Object.create(composed);
  await assert.rejects(composeMessage(heir), { code: "MAIL_INPUT_MESSAGE" });
});

test("hostile input is refused as in a send", async () => {
  await assert.rejects(composeMessage({ ...letter, to: "b@x.example>\r\nRCPT TO:<e@e.example" }), {
    code: "MAIL_INPUT_ADDRESS",
  });
});

test("a stream is open until its octets are read, and ended after them; a reader that leaves early ends it too", async () => {
  for (const leave of [false, true]) {
    const source = Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000)]);
    const composed = await composeMessage({ ...letter, attachments: [{ source, filename: "a.bin" }] });
    assert.equal(source.destroyed, false);
    for await (const chunk of composed.octets()) if (leave && chunk.length > 0) break;
    assert.equal(source.destroyed, true);
    await assert.rejects(octets(composed), { code: "MAIL_INPUT_ATTACHMENT" });
  }
});

test("the stream of a message that is refused is ended", async () => {
  const source = Readable.from([Buffer.from("x")]);
  await assert.rejects(composeMessage({ ...letter, to: "nobody", attachments: [{ source, filename: "a.bin" }] }));
  assert.equal(source.destroyed, true);
});
