/** What an attachment says about itself: charsets that were seen, messages that go as they are, and where a source failed. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createReadStream, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { PreparedMessage } from "./envelope.ts";
import type { Attachment } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const folder = mkdtempSync(join(tmpdir(), "attachment-"));
after(() => {
  rmSync(folder, { recursive: true });
});

async function prepared(...attachments: readonly Attachment[]): Promise<PreparedMessage> {
  return prepareMessage({ from: "a@example.org", to: "b@example.org", text: "x", attachments });
}

async function octets({ content }: PreparedMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open({ eightBit: true })) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

async function written(attachment: Attachment): Promise<string> {
  return (await octets(await prepared(attachment))).toString("latin1");
}

async function typeOf(attachment: Attachment): Promise<string> {
  const [, , , type = ""] = (await written(attachment)).split("Content-Type: ");
  return type.split("\r\nContent-Transfer")[0] ?? "";
}

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function* stream(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

const utf16 = Buffer.from("\ufeffname;town\n", "utf16le");
const others: Readonly<Record<string, Buffer>> = {
  "Latin-1": Buffer.from("Köln", "latin1"),
  "UTF-16": utf16,
  "UTF-16 without a byte order mark": utf16.subarray(2),
  "ISO-2022-JP": Buffer.from("\u001b$B4A;z\u001b(B", "latin1"),
  "Latin-1 far from the beginning": Buffer.concat([Buffer.alloc(200_000, "a"), Buffer.from("ü", "latin1")]),
};

for (const [name, content] of Object.entries(others)) {
  test(`text in ${name} is not called UTF-8, from memory or from a file`, async () => {
    const path = file("other.csv", content);
    for (const attachment of [{ content, filename: "other.csv" }, { path }]) {
      assert.equal(await typeOf(attachment), "application/octet-stream");
      assert.equal(await typeOf({ ...attachment, contentType: "text/csv" }), "text/csv");
      assert.equal(
        await typeOf({ ...attachment, contentType: "text/csv; charset=iso-8859-1" }),
        "text/csv; charset=iso-8859-1",
      );
    }
  });
}

test("text in ASCII or UTF-8 is called UTF-8, wherever the chunks of a file end", async () => {
  for (const text of [
    "a;b\n",
    "",
    "Köln 日本 😀",
    `${"a".repeat(131_071)}ü`,
    `${"a".repeat(131_070)}😀`,
    "\u001b[1mbold",
  ]) {
    const path = file("utf8.csv", text);
    for (const attachment of [{ content: Buffer.from(text), filename: "utf8.csv" }, { path }]) {
      assert.equal(await typeOf(attachment), "text/csv; charset=utf-8");
      assert.equal(await typeOf({ ...attachment, contentType: "text/plain" }), "text/plain; charset=utf-8");
    }
  }
});

test("the text of a stream, which nobody has seen, has no charset", async () => {
  assert.equal(await typeOf({ source: stream("x"), filename: "x.csv" }), "application/octet-stream");
  assert.equal(await typeOf({ source: stream("x"), contentType: "text/csv" }), "text/csv");
});

test("a string is UTF-8, and a content type that says something else is refused", async () => {
  const contentType = "text/plain; charset=iso-8859-1";
  await assert.rejects(prepared({ content: "Köln", contentType }), { field: "attachments[0].contentType" });
  assert.equal(await typeOf({ content: "Bonn", contentType }), contentType);
  assert.equal(
    await typeOf({ content: "Köln", contentType: 'text/plain; charset="UTF-8"' }),
    'text/plain; charset="UTF-8"',
  );
  await assert.rejects(prepared({ content: "Bonn", contentType: "text/plain; charset=utf-16" }), {
    code: "MAIL_INPUT_ATTACHMENT",
  });
});

const latin = Buffer.from("From: a@b.example\r\nContent-Transfer-Encoding: 8bit\r\n\r\nK\xf6ln\r\n", "latin1");

test("a file that ends in .eml is an attached message, octet for octet", async () => {
  const text = "From: a@b.example\r\n\r\nhello\r\n";
  for (const attachment of [{ path: file("x.eml", text) }, { content: Buffer.from(text), filename: "x.EML" }]) {
    const whole = await prepared(attachment);
    assert.deepEqual([whole.content.eightBit, whole.content.commandFree], [false, true]);
    assert.match(
      (await octets(whole)).toString(),
      /: message\/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n[^]*\r\n\r\nFrom: a@b\.example\r\n\r\nhello\r\n--/,
    );
  }
});

test("line ends of an attached file become CRLF, and its size is known before", async () => {
  const whole = await prepared({ path: file("lf.eml", "From: a@b.example\n\nhello") });
  const sent = await octets(whole);
  assert.equal(sent.length, whole.content.size);
  assert.ok(sent.includes("From: a@b.example\r\n\r\nhello\r\n--"));
});

test("an attached message with octets over 127 is 8bit, and so is what contains it", async () => {
  for (const attachment of [{ path: file("latin.eml", latin) }, { content: latin, contentType: "message/rfc822" }]) {
    const whole = await prepared(attachment);
    assert.deepEqual([whole.content.eightBit, whole.content.eightBitIn], [true, "attachments[0]"]);
    const sent = await octets(whole);
    assert.equal(sent.length, whole.content.size);
    assert.match(
      sent.toString("latin1"),
      /multipart\/mixed;\r\n boundary="[^"]*"\r\nContent-Transfer-Encoding: 8bit\r\n[^]*message\/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n[^]*K\xf6ln\r\n--/,
    );
  }
});

test("an attached message with a line that could be a command does not go in chunks", async () => {
  const text = "From: a@b.example\r\n\r\nRCPT TO:<e@e>\r\n";
  const attached = [{ path: file("command.eml", text) }, { content: text, filename: "command.eml" }];
  for (const attachment of attached) assert.equal((await prepared(attachment)).content.commandFree, false);
  const eightBit = await prepared({ content: Buffer.from(`${text}\xfc`, "latin1"), contentType: "message/rfc822" });
  assert.equal(eightBit.content.commandFree, false);
});

test("what is no message that can be embedded is octets, unless the caller calls it a message", async () => {
  for (const text of [
    "From: a\r\n\r\na\rb",
    "From: a\r\n\r\na\0",
    "From: \xfc\r\n\r\n",
    `From: a\r\n\r\n${"x".repeat(999)}`,
  ]) {
    const content = Buffer.from(text, "latin1");
    const path = file("bad.eml", content);
    for (const attachment of [{ content, filename: "bad.eml" }, { path }]) {
      assert.equal(await typeOf(attachment), "application/octet-stream");
      await assert.rejects(prepared({ ...attachment, contentType: "message/rfc822" }), {
        code: "MAIL_INPUT_ATTACHMENT",
        field: "attachments[0]",
      });
    }
  }
  assert.equal(await typeOf({ source: stream("x"), filename: "x.eml" }), "application/octet-stream");
  await assert.rejects(prepared({ source: stream("x"), contentType: "message/rfc822" }), { message: /octet-stream/ });
});

test("a command, or an octet over 127, that comes into an attached file after it was judged never goes out", async () => {
  const path = join(folder, "changing.eml");
  const write = (line: string): void => {
    writeFileSync(path, Buffer.from(`From: a@b.example\r\n\r\n${line}\r\n`, "latin1"));
    utimesSync(path, 1, 1);
  };
  for (const other of ["RCPT TO:<e@e.ex>", "hell\xf6 there, you"]) {
    write("hello there, you".padEnd(other.length));
    const { content } = await prepared({ path });
    write(other);
    let seen = "";
    await assert.rejects(
      async () => {
        for await (const chunk of content.open({ eightBit: true })) seen += Buffer.from(chunk).toString("latin1");
      },
      { code: "MAIL_INPUT_ATTACHMENT", field: "attachments[0]", message: /changed after it was judged/ },
    );
    assert.ok(!seen.includes(other));
  }
});

test("a source that fails is named, with its reason", async () => {
  const missing = join(folder, "none");
  const sources = [
    () => createReadStream(missing),
    async () => createReadStream(missing),
    () => createReadStream(missing)[Symbol.asyncIterator](),
  ];
  for (const source of sources) {
    await assert.rejects(async () => octets(await prepared({ content: "x" }, { source })), {
      code: "MAIL_INPUT_ATTACHMENT",
      field: "attachments[1].source",
      message: /^attachments\[1\]\.source: failed [^]*: ENOENT: no such file or directory, open '/,
    });
  }
  await assert.rejects(prepared({ path: missing }), { field: "attachments[0].path", message: /ENOENT/ });
});

test("a source may promise its octets", async () => {
  assert.match(await written({ source: async () => stream("hello") }), /\r\naGVsbG8=\r\n/);
});

test("a source that gives nothing to read is named", async () => {
  // @ts-expect-error a caller without types may give it
  const whole = await prepared({ source: async () => "text" });
  await assert.rejects(octets(whole), { field: "attachments[0].source", message: /nor a promise of one/ });
});
