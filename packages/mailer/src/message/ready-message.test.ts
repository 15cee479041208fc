/** Ready-made messages: never changed, and refused if two programs could read them in two ways. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import type { PreparedMessage } from "./envelope.ts";
import type { ReadyMessage } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const envelope = { from: "a@example.org", to: "b@example.org" };
const folder = mkdtempSync(join(tmpdir(), "ready-message-"));
after(() => {
  rmSync(folder, { recursive: true });
});

async function octets(prepared: PreparedMessage, eightBit: boolean = true): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of prepared.content.open({ eightBit })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Octet by octet, to try a cut at every place. */
async function* byOctet(message: string | Uint8Array): AsyncGenerator<Uint8Array> {
  for (const octet of Buffer.from(message)) yield Uint8Array.of(octet);
}

function file(message: string | Uint8Array): { readonly path: string } {
  const path = join(folder, "message.eml");
  writeFileSync(path, message);
  return { path };
}

async function ready(message: ReadyMessage["message"]): Promise<PreparedMessage> {
  return prepareMessage({ envelope, message });
}

const sound = "From: a@example.org\r\nMessage-ID:\r\n <1@x>\r\n\r\nHello\r\n.\r\n";

test("a message with CRLF line ends is sent as it is, from memory, a file and a stream", async () => {
  for (const message of [sound, Buffer.from(sound), file(sound), () => byOctet(sound)]) {
    assert.equal((await octets(await ready(message))).toString(), sound);
  }
});

test("a message with LF line ends gets CRLF, and its size is what is sent", async () => {
  const message = sound.replaceAll("\r\n", "\n");
  for (const form of [message, file(message), () => byOctet(message)]) {
    const prepared = await ready(form);
    assert.equal((await octets(prepared)).toString(), sound);
    assert.ok(prepared.content.size === undefined || prepared.content.size === sound.length);
  }
});

test("a last line without an end gets one", async () => {
  for (const message of ["From: a@b\r\n\r\nx", "From: a@b\n\nx", "From: a@b"]) {
    assert.match((await octets(await ready(message))).toString(), /[xb]\r\n$/);
    assert.equal((await ready(file(message))).content.size, (await ready(message)).content.size);
  }
});

test("the Message-ID is read from memory and files", async () => {
  assert.equal((await ready(sound)).messageId, "<1@x>");
  assert.equal((await ready(file(sound))).messageId, "<1@x>");
  assert.equal((await ready(() => byOctet(sound))).messageId, undefined);
});

test("the size of a stream is taken from the caller, as it is sent", async () => {
  const prepared = await prepareMessage({
    envelope,
    message: () => byOctet(sound.replaceAll("\r\n", "\n")),
    size: sound.length,
  });
  assert.equal(prepared.content.size, sound.length);
  assert.equal((await octets(prepared)).length, sound.length);
});

test("a size of anything but a stream is refused, and so is one that is no number of octets", () => {
  for (const message of [sound, Buffer.from(sound), file(sound)])
    assert.throws(() => prepareMessage({ envelope, message, size: sound.length }), {
      code: "MAIL_INPUT_MESSAGE",
      field: "size",
    });
  for (const size of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])
    assert.throws(() => prepareMessage({ envelope, message: () => byOctet(sound), size }), {
      code: "MAIL_INPUT_MESSAGE",
      field: "size",
    });
});

const bad: Readonly<Record<string, string>> = {
  "LF.LF among CRLF": "From: a@b\r\n\r\nx\n.\nMAIL FROM:<e@e>\r\n",
  "LF.CRLF": "From: a@b\r\n\r\nx\n.\r\nMAIL FROM:<e@e>\r\n",
  "CRLF.LF": "From: a@b\r\n\r\nx\r\n.\nMAIL FROM:<e@e>\r\n",
  "CR.CR": "From: a@b\r\n\r\nx\r.\rMAIL FROM:<e@e>\r\n",
  "CRLF.CR": "From: a@b\r\n\r\nx\r\n.\rMAIL FROM:<e@e>\r\n",
  "CRLF NUL . CRLF": "From: a@b\r\n\r\nx\r\n\0.\r\nMAIL FROM:<e@e>\r\n",
  "CR CR LF": "From: a@b\r\n\r\nx\r\r\ny\r\n",
  "a CR at the end": "From: a@b\r\n\r\nx\r",
  "CRLF among LF": "From: a@b\n\nx\r\n",
  "a line of 999 octets": `From: a@b\r\n\r\n${"x".repeat(999)}\r\n`,
  "a last line of 999 octets": `From: a@b\r\n\r\n${"x".repeat(999)}`,
  "a Bcc field": "From: a@b\r\nbCC: c@d\r\n\r\n",
  "a Resent-Bcc field": "From: a@b\r\nResent-Bcc: c@d\r\n\r\n",
  "no From field": "To: a@b\r\n\r\nFrom: a@b\r\n",
  "two From fields": "From: a@b\r\nFrom: c@d\r\n\r\n",
  "two subjects": "From: a@b\r\nSubject: x\r\nsubject: y\r\n\r\n",
  "a line that is not a field": "From: a@b\r\nno field\r\n\r\n",
  "an mbox line": "From a@b Mon Nov 24\r\nFrom: a@b\r\n\r\n",
  "a space before the colon": "From : a@b\r\n\r\n",
  "a header line of spaces": "From: a@b\r\n \r\nTo: c@d\r\n\r\n",
  "a continuation at the start": " x\r\nFrom: a@b\r\n\r\n",
  nothing: "",
};
for (const [danger, message] of Object.entries(bad)) {
  test(`a ready-made message with ${danger} is refused before connecting, and a stream in flight`, async () => {
    const refused = { code: "MAIL_INPUT_MESSAGE" };
    await assert.rejects(ready(message), refused);
    await assert.rejects(ready(Buffer.from(message)), refused);
    await assert.rejects(ready(file(message)), refused);
    const streamed = await ready(byOctet(message));
    await assert.rejects(octets(streamed), refused);
  });
}

/** RFC 5322 section 3.6, RFC 2045, RFC 2183, RFC 2369, RFC 2919 and RFC 8058. */
const single =
  "From Sender Reply-To To Cc Subject Date Message-ID In-Reply-To References MIME-Version Content-Type " +
  "Content-Transfer-Encoding Content-ID Content-Description Content-Disposition List-Id List-Help List-Unsubscribe " +
  "List-Subscribe List-Post List-Owner List-Archive List-Unsubscribe-Post";
for (const name of single.split(" ")) {
  test(`a ready-made message with two ${name} fields is refused, and the error names the field`, async () => {
    const from = name === "From" ? "" : "From: a@b\r\n";
    await assert.rejects(ready(`${from}${name}: one\r\nX-Between: x\r\n${name.toUpperCase()}: two\r\n\r\ntext\r\n`), {
      code: "MAIL_INPUT_MESSAGE",
      message: new RegExp(`has two ${name} fields`, "i"),
    });
  });
}

test("a header in UTF-8 needs SMTPUTF8, and one that is neither ASCII nor UTF-8 is refused", async () => {
  const message = "From: ü@example.org\r\n\r\nx\r\n";
  assert.equal((await ready(message)).smtpUtf8, true);
  assert.equal((await ready(file(message))).smtpUtf8, true);
  await assert.rejects(ready(Buffer.from(message, "latin1")), { code: "MAIL_INPUT_MESSAGE" });
  await assert.rejects(octets(await ready(byOctet(message))), /smtpUtf8/);
  assert.equal(
    (await octets(await prepareMessage({ envelope, message: byOctet(message), smtpUtf8: true }))).toString(),
    message,
  );
});

test("an octet over 127 is found, and not sent to a server without 8BITMIME", async () => {
  const message = "From: a@b\r\n\r\nü\r\n";
  for (const form of [message, file(message), () => byOctet(message)]) {
    const prepared = await ready(form);
    assert.notEqual(prepared.content.eightBit, false);
    assert.equal((await octets(prepared)).toString(), message);
    await assert.rejects(octets(prepared, false), { code: "MAIL_INPUT_MESSAGE" });
  }
  assert.equal((await ready(sound)).content.eightBit, false);
});

test("a command that comes into octets after they were judged is not sent", async () => {
  const message = Buffer.from(`From: a@example.org\r\n\r\n${"All is well.\r\n".repeat(30_000)}`);
  const { content } = await ready(message);
  assert.equal(content.commandFree, true);
  message.write("DATA        ", message.lastIndexOf("All"));
  const sent: Buffer[] = [];
  await assert.rejects(
    async () => {
      for await (const chunk of content.open({ eightBit: true })) sent.push(Buffer.from(chunk));
    },
    { code: "MAIL_INPUT_MESSAGE" },
  );
  assert.ok(sent.length > 1 && !Buffer.concat(sent).includes("DATA"));
});

test("a file that changed after it was judged is not sent", async () => {
  const path = file(sound);
  const prepared = await ready(path);
  appendFileSync(path.path, "more\r\n");
  await assert.rejects(octets(prepared), { code: "MAIL_INPUT_MESSAGE" });
  rmSync(path.path);
  await assert.rejects(octets(prepared), { code: "MAIL_INPUT_MESSAGE" });
});

test("a missing file, a folder and a URL are refused", async () => {
  for (const path of [join(folder, "none"), folder, "https://example.org/x.eml"]) {
    await assert.rejects(ready({ path }), { code: "MAIL_INPUT_MESSAGE", field: "message.path" });
  }
});

test("a stream can be read once, a function that opens one again and again", async () => {
  const stream = await ready(byOctet(sound));
  assert.equal(stream.content.replayable, false);
  await octets(stream);
  await assert.rejects(octets(stream), { code: "MAIL_INPUT_MESSAGE" });
  const source = await ready(() => byOctet(sound));
  assert.equal(source.content.replayable, true);
  assert.deepEqual(await octets(source), await octets(source));
});

test("what was judged is what is sent, even if the caller changes the array", async () => {
  const message = Buffer.from(sound);
  const prepared = await ready(message);
  message.fill(0x0a);
  assert.equal((await octets(prepared)).toString(), sound);
});

test("an abort ends the reading", async () => {
  const prepared = await ready(sound);
  const reason = new Error("enough");
  const chunks = prepared.content.open({ eightBit: true, signal: AbortSignal.abort(reason) });
  await assert.rejects(async () => {
    for await (const chunk of chunks) assert.fail(`read ${chunk.length} octets`);
  }, reason);
});

test("memory, file and stream are judged alike, wherever they are cut", async () => {
  const body = fc.array(fc.constantFrom("a", ".", "\r\n", "\n", "\r", "\0", "ü", " "), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom("\r\n", "\n"), async (pieces, end) => {
      const message = `From: a@b${end}${end}${pieces.join("")}`;
      const one = await ready(message).then(octets).then(String, String);
      const other = await octets(await ready(byOctet(message))).then(String, String);
      assert.equal(one, other);
      if (one.startsWith("From")) assert.doesNotMatch(one, /\0|\r(?!\n)|(?<!\r)\n/);
    }),
  );
});

test("the empty path is accepted for the sender only", async () => {
  const prepared = await prepareMessage({ envelope: { from: "", to: ["b@example.org"] }, message: sound });
  assert.equal(prepared.envelope.reversePath, "");
  await assert.rejects(async () => prepareMessage({ envelope: { from: "", to: [""] }, message: sound }), {
    code: "MAIL_INPUT_ADDRESS",
  });
  await assert.rejects(async () => prepareMessage({ envelope: { from: "", to: [] }, message: sound }), {
    code: "MAIL_INPUT_ADDRESS",
  });
});
