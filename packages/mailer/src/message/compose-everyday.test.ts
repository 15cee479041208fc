/** Alternatives, priority, references, lists and dates of a composed message, as their RFCs have them. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { ComposedMessage } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const base = { from: "Alice <a@example.org>", to: "b@example.org", date: new Date(0), messageId: "<1@example.org>" };

async function composed(message: Partial<ComposedMessage>): Promise<string> {
  const { content } = await prepareMessage({ ...base, ...message });
  const octets = Buffer.alloc(content.size ?? 0);
  content.put?.(octets, 0);
  return octets.toString();
}

test("alternatives go between text and HTML, in their order", async () => {
  const alternatives = [
    { contentType: "text/markdown; variant=GFM", content: "**b**\nRCPT TO:<e@e>" },
    { contentType: "text/x-amp-html", content: "<html amp4email>ü" },
    { contentType: "application/ld+json", content: "{}" },
    { contentType: "text/enriched", content: Buffer.from("<bold>ü") },
    { contentType: "text/html", content: Buffer.from([0xfc]) },
  ];
  const written = await composed({ text: "b", alternatives, html: "<b>b</b>" });
  assert.match(written, /Content-Type: multipart\/alternative;/);
  assert.deepEqual(written.match(/(?<=Content-Type: )(?:text|application)[^]*?(?=\r\nContent-T)/g), [
    "text/plain; charset=utf-8",
    "text/markdown; charset=utf-8;\r\n variant=GFM",
    "text/x-amp-html; charset=utf-8",
    "application/ld+json",
    "text/enriched; charset=utf-8",
    "text/html",
    "text/html; charset=utf-8",
  ]);
  const prepared = await prepareMessage({ ...base, text: "b", alternatives });
  assert.deepEqual([prepared.content.commandFree, prepared.content.eightBit], [true, false]);
  assert.match(await composed({ alternatives: [{ contentType: "text/plain", content: "only" }] }), /utf-8\r\n[^]*only/);
});

test("an alternative that cannot be one is refused, and named", async () => {
  const bad: Readonly<Record<string, unknown>> = {
    "alternatives[0].contentType": { contentType: "multipart/mixed", content: "x" },
    "alternatives[0].content": { contentType: "text/plain", content: 5 },
    "alternatives[0].path": { contentType: "text/plain", path: "x" },
    alternatives: undefined,
  };
  for (const [field, alternative] of Object.entries(bad)) {
    const message: object = { alternatives: alternative === undefined ? "x" : [alternative] };
    await assert.rejects(composed(message), { code: "MAIL_INPUT_MESSAGE", field });
  }
  const forwarded = { contentType: "message/rfc822", content: "From: a@b\r\n\r\n" };
  await assert.rejects(composed({ alternatives: [forwarded] }), { message: /attached instead/ });
  const latin = { contentType: "text/plain; charset=iso-8859-1", content: "ü" };
  await assert.rejects(composed({ alternatives: [latin] }), { field: "alternatives[0].contentType" });
});

test("a priority is what mail programs read, and is given in one place", async () => {
  assert.match(await composed({ priority: "high" }), /^X-Priority: 1\r\nImportance: High\r\n/m);
  assert.match(await composed({ priority: "low" }), /^X-Priority: 5\r\nImportance: Low\r\n/m);
  assert.doesNotMatch(await composed({ priority: "normal" }), /priority|importance/i);
  assert.match(await composed({ headers: { "X-Priority": "2" } }), /^X-Priority: 2\r\n/m);
  // @ts-expect-error a caller without types may give it
  await assert.rejects(composed({ priority: "urgent" }), { code: "MAIL_INPUT_MESSAGE", field: "priority" });
  await assert.rejects(composed({ priority: "low", headers: { "x-priority": "1" } }), { field: "headers.x-priority" });
});

test("references are an array, or a text as another message has it", async () => {
  for (const references of [["<a@b>", "<c@d>"], "<a@b> <c@d>", " <a@b>\t <c@d> "]) {
    assert.match(
      await composed({ references, inReplyTo: references }),
      /^In-Reply-To: <a@b> <c@d>\r\nReferences: <a@b> <c@d>\r\n/m,
    );
  }
  for (const references of ["", " ", "<a@b> c@d", "<a@b>\r\n <c@d>", "<a@b><c@d>"])
    await assert.rejects(composed({ references }), { code: "MAIL_INPUT_HEADER", field: "references" });
});

test("a list has a name before its identifier, and long URIs", async () => {
  const id = async (text: string): Promise<string> =>
    /^List-ID: (.*)\r\n/m.exec(await composed({ list: { id: text } }))?.[1] ?? "";
  assert.equal(await id("Our news <news.example.org>"), "Our news <news.example.org>");
  assert.equal(await id('"News, daily" <news.example.org>'), '"News, daily" <news.example.org>');
  assert.equal(await id("Größe <news.example.org>"), "=?UTF-8?B?R3LDtsOfZQ==?= <news.example.org>");
  assert.equal(await id("<news.example.org>"), "<news.example.org>");
  for (const bad of ["a, b <news.example.org>", "a <b> <news.example.org>", "a <news>", "a <news.example.org\r\n>"])
    await assert.rejects(composed({ list: { id: bad } }), { code: "MAIL_INPUT_HEADER", field: "list.id" });
  const unsubscribe = `https://example.org/${"u".repeat(970)}`;
  const written = await composed({ list: { unsubscribe: [unsubscribe, unsubscribe] } });
  assert.ok(written.includes(`List-Unsubscribe:\r\n <${unsubscribe}>,\r\n <${unsubscribe}>\r\n`));
  assert.ok(written.split("\r\n").every((line) => line.length <= 998));
  await assert.rejects(composed({ list: { unsubscribe: `${unsubscribe}u` } }), { field: "list.unsubscribe" });
});

test("a date is a moment in UTC, or one with its offset", async () => {
  const dates: Readonly<Record<string, string>> = {
    "2026-11-28T12:00:00+01:00": "Sat, 28 Nov 2026 12:00:00 +0100",
    "2026-01-01T00:30:00.123-05:30": "Thu, 01 Jan 2026 00:30:00 -0530",
    "2026-11-28T12:00:00Z": "Sat, 28 Nov 2026 12:00:00 +0000",
  };
  for (const [date, expected] of Object.entries(dates))
    assert.ok((await composed({ date })).startsWith(`Date: ${expected}\r\n`));
  const bad = [
    "2026-02-30T12:00:00Z",
    "2026-11-28T12:00:00",
    "2026-11-28",
    "yesterday",
    "2026-11-28T12:00:00+24:00",
    "2026-11-28T12:00:00Z\r\nBcc: a@b",
    "1899-12-31T00:00:00Z",
  ];
  for (const date of bad) await assert.rejects(composed({ date }), { code: "MAIL_INPUT_HEADER", field: "date" });
});

test("a long first word goes to a line of its own if it fits there, so that no line is over 78", async () => {
  const messageId = `<${"m".repeat(55)}@example.org>`;
  const written = await composed({ messageId, references: messageId });
  assert.ok(
    written.includes(`References:\r\n ${messageId}\r\n`) && written.includes(`Message-ID:\r\n ${messageId}\r\n`),
  );
  const [header = ""] = written.split("\r\n\r\n");
  assert.ok(header.split("\r\n").every((line) => line.length <= 78));
  const endless = `<${"m".repeat(80)}@example.org>`;
  assert.ok((await composed({ messageId: endless })).includes(`Message-ID: ${endless}\r\n`));
});
