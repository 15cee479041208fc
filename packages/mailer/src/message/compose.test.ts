/** Composed messages: what they look like, and what input is refused. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { PreparedMessage } from "./envelope.ts";
import type { Attachment, ComposedMessage, ReadyMessage } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const folder = mkdtempSync(join(tmpdir(), "compose-"));
after(() => {
  rmSync(folder, { recursive: true });
});
const base = { from: "Alice <a@example.org>", to: "b@example.org", date: new Date(0), messageId: "<1@example.org>" };

async function octets(prepared: PreparedMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of prepared.content.open({ eightBit: true })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function composed(message: Partial<ComposedMessage>): Promise<string> {
  return (await octets(await prepareMessage({ ...base, ...message }))).toString();
}

async function attached(attachment: Attachment): Promise<string> {
  return composed({ attachments: [attachment] });
}

async function embedded(content: string): Promise<string> {
  return attached({ content, contentType: "message/rfc822" });
}

test("a plain message is exactly this", async () => {
  assert.equal(
    await composed({ subject: "Hello", text: "Hi\n.\nthere" }),
    [
      "Date: Thu, 01 Jan 1970 00:00:00 +0000",
      "From: Alice <a@example.org>",
      "To: b@example.org",
      "Subject: Hello",
      "Message-ID: <1@example.org>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 7bit",
      "",
      "Hi",
      ".",
      "there",
      "",
    ].join("\r\n"),
  );
});

test("a message in memory can be written to any place in a buffer, and its size is known", async () => {
  const prepared = await prepareMessage({ ...base, text: "x", attachments: [{ content: "y", filename: "y.txt" }] });
  const { content } = prepared;
  const target = Buffer.alloc((content.size ?? 0) + 2, "-");
  content.put?.(target, 1);
  assert.equal(target.toString(), `-${(await octets(prepared)).toString()}-`);
  assert.equal(content.eightBit, false);
});

test("a blind copy is named in the envelope and nowhere else", async () => {
  const prepared = await prepareMessage({ ...base, cc: "c@example.org", bcc: "secret@example.org", text: "x" });
  assert.deepEqual(prepared.envelope.forwardPaths, ["b@example.org", "c@example.org", "secret@example.org"]);
  assert.doesNotMatch((await octets(prepared)).toString(), /secret|bcc/i);
});

test("one recipient named twice gets one copy, and local parts keep their case", async () => {
  const { envelope } = await prepareMessage({ ...base, to: ["b@example.org", "b@EXAMPLE.org", "B@example.org"] });
  assert.deepEqual(envelope.forwardPaths, ["b@example.org", "B@example.org"]);
});

test("the envelope can differ from the header", async () => {
  const prepared = await prepareMessage({ ...base, envelope: { from: "", to: ["x@example.org"] } });
  assert.deepEqual(prepared.envelope, { reversePath: "", forwardPaths: ["x@example.org"], utf8: false });
});

test("a Message-ID of one's own is one, and references may be several: the errors say so", async () => {
  await assert.rejects(composed({ messageId: "a@b" }), /with its angle brackets\.$/);
  await assert.rejects(composed({ inReplyTo: "a@b" }), /with its angle brackets; several go into an array\.$/);
});

test("the Message-ID and the boundaries stay the same when it is sent again", async () => {
  const prepared = await prepareMessage({ from: "a@example.org", to: "b@example.org", text: "x", html: "y" });
  assert.match(prepared.messageId ?? "", /^<[0-9a-f-]{36}@example\.org>$/);
  assert.deepEqual(await octets(prepared), await octets(prepared));
});

test("a local part that is not ASCII makes the header UTF-8; a domain and a name do not", async () => {
  const prepared = await prepareMessage({ ...base, to: "ü@ü.example" });
  assert.equal(prepared.smtpUtf8, true);
  assert.equal(prepared.content.eightBit, true);
  assert.match((await octets(prepared)).toString(), /^To: ü@xn--tda\.example\r\n/m);
  assert.equal((await prepareMessage({ ...base, to: { name: "Ü", address: "u@ü.example" } })).smtpUtf8, false);
  const blind = await prepareMessage({ ...base, bcc: "ü@example.org" });
  assert.equal(blind.smtpUtf8, true);
  assert.equal(blind.content.eightBit, false);
});

test("an invitation is an alternative with its method", async () => {
  const content = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n";
  const written = await composed({ text: "x", calendar: { method: "REQUEST", content } });
  assert.match(written, /multipart\/alternative[^]*text\/calendar; charset=utf-8; method=REQUEST\r\n/);
  await assert.rejects(composed({ calendar: { method: "CANCEL", content } }), { field: "calendar.content" });
});

test("list fields are written as their RFCs require", async () => {
  const unsubscribe = ["https://example.org/u?1", "mailto:u@example.org"];
  const written = await composed({ list: { id: "news.example.org", unsubscribe, unsubscribePost: true, post: "NO" } });
  assert.match(written, /^List-ID: <news\.example\.org>\r\n/m);
  assert.match(written, /^List-Unsubscribe: <https:\/\/example\.org\/u\?1>, <mailto:u@example\.org>\r\n/m);
  assert.match(written, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/m);
  assert.match(written, /^List-Post: NO\r\n/m);
  await assert.rejects(composed({ list: { unsubscribe: "mailto:u@example.org", unsubscribePost: true } }), {
    field: "list.unsubscribePost",
  });
  await assert.rejects(composed({ list: { help: "https://example.org/>,<x" } }), { code: "MAIL_INPUT_HEADER" });
  await assert.rejects(composed({ list: { help: "javascript:x" } }), { code: "MAIL_INPUT_HEADER" });
});

const badHeaders: Readonly<Record<string, Partial<ComposedMessage>>> = {
  "a bare CR in a subject": { subject: "a\rb" },
  "a line end at the end of a subject": { subject: "a\n" },
  "NUL in a subject": { subject: "a\0" },
  "a line separator in a subject": { subject: "a\u2028Bcc: x" },
  "NEL in a subject": { subject: "a\u0085Bcc: x" },
  "half a surrogate pair in a subject": { subject: "\udc00" },
  "CRLF in a header value": { headers: { "X-A": "b\r\nBcc: c@d" } },
  "CRLF in a header name": { headers: { "X-A\r\nBcc": "c@d" } },
  "a colon in a header name": { headers: { "X:A": "b" } },
  "a space in a header name": { headers: [{ name: "X A", value: "b" }] },
  "an empty header name": { headers: { "": "b" } },
  "a Bcc header": { headers: { bCc: "c@d" } },
  "a From header": { headers: { From: "c@d" } },
  "a Content-Type header": { headers: { "Content-Type": "text/html" } },
  "a Received header": { headers: { Received: "x" } },
  "CRLF in a Message-ID": { messageId: "<a@b>\r\nBcc: c@d" },
  "a Message-ID without brackets": { messageId: "a@b" },
  "CRLF in a reference": { references: ["<a@b>", "<a@b>\r\nBcc: c@d"] },
  "a space in a reference": { inReplyTo: "<a b@c>" },
  "an invalid date": { date: new Date(Number.NaN) },
};
for (const [danger, message] of Object.entries(badHeaders)) {
  test(`${danger} is refused`, async () => {
    await assert.rejects(composed(message), { code: "MAIL_INPUT_HEADER" });
  });
}

const badMessages: Readonly<Record<string, object>> = {
  "NUL in a text": { text: "a\0" },
  "half a surrogate pair in HTML": { html: "\ud800" },
  "an option that does not exist": { bbc: "c@example.org" },
  "an envelope key that does not exist": { envelope: { too: "c@example.org" } },
  "a DSN event that does not exist": { dsn: { notify: ["always"] } },
  "an empty list of DSN events": { dsn: { notify: [] } },
  "CRLF in an envelope identifier": { dsn: { envelopeId: "a\r\nb" } },
  "an envelope identifier of 101 characters": { dsn: { envelopeId: "a".repeat(101) } },
};
for (const [danger, message] of Object.entries(badMessages)) {
  test(`${danger} is refused`, async () => {
    await assert.rejects(composed(message), { code: "MAIL_INPUT_MESSAGE" });
  });
}

test("no sender, no recipient, and several authors without a sender are refused", async () => {
  // @ts-expect-error a message must say who wrote it
  await assert.rejects(async () => prepareMessage({ to: "b@example.org" }), {
    code: "MAIL_INPUT_ADDRESS",
    field: "from",
  });
  await assert.rejects(async () => prepareMessage({ from: "b@example.org" }), {
    code: "MAIL_INPUT_ADDRESS",
    field: "to",
  });
  await assert.rejects(composed({ from: ["a@example.org", "b@example.org"] }), { field: "sender" });
});

for (const smuggled of ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r\n.\n", "\r.\r\n"]) {
  test(`${JSON.stringify(smuggled)} in a body becomes CRLF line ends`, async () => {
    const written = await composed({ text: `a${smuggled}MAIL FROM:<e@e>`, html: `ü${smuggled}RCPT TO:<e@e>` });
    assert.doesNotMatch(written, /\r(?!\n)|(?<!\r)\n/);
    assert.match(written, /a\r\n\.\r\n=4DAIL/);
    assert.match(written, /=BC\r\n\.\r\n=52CPT/);
  });
}

for (const end of ["\n", "\r", "\r\r\n", "\n\r"]) {
  test(`${JSON.stringify(end)} at the very start or end of a body becomes CRLF line ends`, async () => {
    for (const text of [`${end}.`, `a${end}`, end]) {
      assert.doesNotMatch(await composed({ text }), /\r(?!\n)|(?<!\r)\n/);
    }
  });
}

test("a line over 510 octets forces an encoding, and one of 510 does not", async () => {
  assert.match(await composed({ text: "x".repeat(510) }), /Content-Transfer-Encoding: 7bit/);
  assert.match(await composed({ text: "x".repeat(511) }), /Content-Transfer-Encoding: quoted-printable/);
  assert.match(await composed({ text: "日本語".repeat(999) }), /Content-Transfer-Encoding: base64/);
});

test("a file is attached by its name and read when sent, with an exact size", async () => {
  const path = join(folder, "report.pdf");
  for (const size of [0, 1, 53, 54, 55, 129_600, 400_001]) {
    writeFileSync(path, Buffer.alloc(size, 7));
    for (const form of [path, pathToFileURL(path)]) {
      const prepared = await prepareMessage({ ...base, text: "x", attachments: [{ path: form }] });
      const written = await octets(prepared);
      assert.equal(written.length, prepared.content.size);
      assert.match(written.toString(), /application\/pdf\r\n[^]*attachment; filename="report\.pdf"/);
      assert.equal(prepared.content.replayable, true);
      assert.deepEqual(await octets(prepared), written);
    }
  }
});

test("a file that changed after it was judged is not sent", async () => {
  const path = join(folder, "changing.txt");
  writeFileSync(path, "one");
  const prepared = await prepareMessage({ ...base, attachments: [{ path }] });
  appendFileSync(path, "two");
  await assert.rejects(octets(prepared), { code: "MAIL_INPUT_ATTACHMENT", field: "attachments[0].path" });
  rmSync(path);
  await assert.rejects(octets(prepared), { code: "MAIL_INPUT_ATTACHMENT" });
});

test("a file with other content of the same size is not sent", async () => {
  const path = join(folder, "same-size.txt");
  writeFileSync(path, "one");
  const prepared = await prepareMessage({ ...base, attachments: [{ path }] });
  writeFileSync(path, "two");
  utimesSync(path, 1, 1);
  await assert.rejects(octets(prepared), { code: "MAIL_INPUT_ATTACHMENT" });
});

test("a file that shrinks or grows while it is read is not sent", async () => {
  const path = join(folder, "shrinking.bin");
  for (const size of [300_000, 700_000]) {
    writeFileSync(path, Buffer.alloc(500_000));
    const prepared = await prepareMessage({ ...base, attachments: [{ path }] });
    const chunks = prepared.content.open({ eightBit: true })[Symbol.asyncIterator]();
    await chunks.next();
    await chunks.next();
    truncateSync(path, size);
    const rest = async (): Promise<void> => {
      while ((await chunks.next()).done !== true);
    };
    await assert.rejects(rest, { code: "MAIL_INPUT_ATTACHMENT", message: /changed/ });
  }
});

test("a URL is refused as a URL, not looked up on the disk", async () => {
  for (const path of ["https://example.org/x", "HTTP://x", "data:text/plain,x", "ftp://x/y", new URL("http://x/y")]) {
    await assert.rejects(attached({ path }), { code: "MAIL_INPUT_ATTACHMENT", message: /never fetched/ });
  }
});

const one: () => AsyncIterable<Uint8Array> = async function* () {
  yield Buffer.from("four");
};

test("a stream with another size than announced is not sent", async () => {
  for (const size of [3, 5]) {
    const prepared = await prepareMessage({ ...base, attachments: [{ source: one, size }] });
    await assert.rejects(octets(prepared), { code: "MAIL_INPUT_ATTACHMENT" });
  }
  const right = await prepareMessage({ ...base, attachments: [{ source: one, size: 4 }] });
  assert.equal((await octets(right)).length, right.content.size);
  const unknown = await prepareMessage({ ...base, attachments: [{ source: one() }] });
  assert.equal(unknown.content.size, undefined);
  assert.equal(unknown.content.replayable, false);
});

test("an attachment in memory is not encoded until it is sent", async () => {
  const content = Buffer.alloc(300_000, 1);
  const prepared = await prepareMessage({ ...base, attachments: [{ content }] });
  content.fill(2);
  const sent = await octets(prepared);
  assert.equal(sent.length, prepared.content.size);
  assert.match(sent.toString(), /^AgICAgIC/m);
});

test("an inline image is related to the HTML", async () => {
  const written = await composed({ html: '<img src="cid:logo">', attachments: [{ content: "x", contentId: "logo" }] });
  assert.match(
    written,
    /multipart\/related; type="text\/html";[^]*Content-ID: <logo>\r\nContent-Disposition: inline\r\n/,
  );
  const twice = [
    { content: "x", contentId: "logo" },
    { content: "y", contentId: "logo" },
  ];
  await assert.rejects(composed({ html: "x", attachments: twice }), { field: "attachments[1].contentId" });
});

test("an embedded message is not base64, and is judged like the message that it becomes part of", async () => {
  assert.match(
    await embedded("From: a@b\n\nx\n"),
    /message\/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n[^]*From: a@b\r\n\r\nx\r\n--/,
  );
  for (const content of ["From: ü@b\n\n", "From: a@b\r\n.\n", "a\r.\r", "a\0"]) {
    await assert.rejects(embedded(content), { code: "MAIL_INPUT_ATTACHMENT" });
  }
});

const badAttachments: Readonly<Record<string, Attachment>> = {
  "an https URL": { path: "https://example.org/x.pdf" },
  "a URL object": { path: new URL("https://example.org/x.pdf") },
  "a file URL with a host": { path: new URL("file://server/share/x.pdf") },
  "a data URL": { path: "data:text/plain,x" },
  "a file that does not exist": { path: join(folder, "none") },
  "a folder": { path: folder },
  "NUL in a path": { path: "a\0b" },
  "a path in a filename": { content: "x", filename: "../../etc/passwd" },
  "a Windows path in a filename": { content: "x", filename: "a\\b" },
  "CRLF in a filename": { content: "x", filename: "a\r\nb" },
  "an override in a filename": { content: "x", filename: "invoice\u202efdp.exe" },
  "an empty filename": { content: "x", filename: "" },
  "CRLF in a content type": { content: "x", contentType: "text/plain\r\nX: y" },
  "an invalid content type": { content: "x", contentType: "pdf" },
  "a content type with a boundary": { content: "x", contentType: 'multipart/mixed; boundary="x"' },
  "a second filename in the content type": { content: "x", contentType: "text/plain; name=x.exe" },
  "an angle bracket in a content id": { content: "x", contentId: "a>b" },
  "half a surrogate pair in its text": { content: "\ud800" },
};
for (const [danger, attachment] of Object.entries(badAttachments)) {
  test(`an attachment with ${danger} is refused before connecting`, async () => {
    await assert.rejects(attached(attachment), { code: "MAIL_INPUT_ATTACHMENT" });
  });
}

test("an attachment with two sources, or with none, is refused", async () => {
  await assert.rejects(attached(Object.assign({ content: "x" }, { path: "y" })), { code: "MAIL_INPUT_ATTACHMENT" });
  const none: object = { attachments: [{}] };
  await assert.rejects(composed(none), { code: "MAIL_INPUT_ATTACHMENT" });
});

test("a tab in a subject is kept, and the line ends that it could hide are not", async () => {
  assert.match(await composed({ subject: "a\tb" }), /^Subject: a\tb\r\n/m);
  assert.match(await composed({ subject: "ü\tb" }), /^Subject: =\?UTF-8\?B\?w7wJYg==\?=\r\n/m);
  await assert.rejects(composed({ subject: "a\t\nb" }), { code: "MAIL_INPUT_HEADER", message: /"\\n"/ });
  await assert.rejects(composed({ from: "A\tB <a@example.org>" }), {
    code: "MAIL_INPUT_ADDRESS",
    message: /free text/,
  });
});

test("what is neither true nor false, and a size that nobody would check, are refused, not ignored", async () => {
  const ignored: Readonly<Record<string, object>> = {
    "list.unsubscribePost": { list: { unsubscribe: "https://example.org/u", unsubscribePost: "yes" } },
    "dsn.originalRecipient": { dsn: { originalRecipient: 1 } },
    requireTls: { requireTls: "true" },
    "attachments[0].size": { attachments: [{ content: "four", size: 5 }] },
  };
  for (const [field, message] of Object.entries(ignored)) await assert.rejects(composed(message), { field });
  // @ts-expect-error a caller without types may give it
  const ready: ReadyMessage = { envelope: { from: "", to: "a@b.example" }, message: "From: a@b\n\n", smtpUtf8: 1 };
  assert.throws(() => prepareMessage(ready), { field: "smtpUtf8" });
});

test("hostile text in an error is escaped", async () => {
  await assert.rejects(composed({ subject: "\u001b[2J" }), (error: Error) => !error.message.includes("\u001b"));
});
