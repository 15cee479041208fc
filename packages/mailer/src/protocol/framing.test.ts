/** No server could take a line of a chunk for a command, whatever the message. A second version of the rule judges the octets that are written. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { MailError } from "../errors/mail-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Attachment, ComposedMessage, Message } from "../message/input.ts";
import { prepareMessage } from "../message/prepare.ts";
import { offer } from "./conversation.test.ts";
import { framingOf } from "./plan.ts";

const offered = offer("PIPELINING", "CHUNKING", "SIZE 1000000");
/** A command where any program could see a line begin. */
const COMMAND =
  /(?:^|[\v\f\x1c-\x1e\x85]|\xe2\x80[\xa8\xa9])[^!-~]*(?:rcpt|data|bdat|burl|(?:mail|send|soml|saml)[^a-z]*from)(?![a-z0-9])/i;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "postseal-framing-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that are command-like, or longer than a command. */
function offendersIn(octets: Buffer): readonly string[] {
  return octets
    .toString("latin1")
    .split(/\r\n|\n|\r/)
    .filter((row) => row.length > 510 || COMMAND.test(row));
}

async function read({ content }: PreparedMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content.open({ eightBit: true })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const word = fc
  .tuple(fc.constantFrom("rcpt", "data", "bdat", "burl", "mail", "send", "soml", "saml", "from"), fc.nat())
  .map(([letters, upper]) =>
    letters.replace(/[a-z]/g, (letter, at: number) => ((upper >> at) & 1 ? letter.toUpperCase() : letter)),
  );
const blank = fc.constantFrom(" ", "\t", "  ", " ".repeat(60), " ".repeat(72));
const end = fc.constantFrom(
  "\r\n",
  "\r\n",
  "\n",
  "\v",
  "\f",
  "\u001c",
  "\u001d",
  "\u001e",
  "\u0085",
  "\u2028",
  "\u2029",
  "\r\n ",
);
const other = fc.constantFrom(
  "a",
  "7",
  "=",
  ":",
  "<a@b.example>",
  ".",
  "+",
  "/",
  "\u00e9",
  "\u4e2d",
  "\u0445",
  "x".repeat(70),
  "x".repeat(75),
  "x".repeat(509),
  "x".repeat(700),
);
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: word }, blank, { weight: 2, arbitrary: end }, other), { maxLength: 14 })
  .map((pieces) => pieces.join(""));
/** Text for a header, without line ends, which a header refuses. */
const line = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: word },
      fc.constantFrom(" ", "  ", "a", ":", "7", "x".repeat(60), "x".repeat(300), "\u00e9"),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(""));
/** Octets whose base64 consists of these words, or nearly. */
const octets = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: word },
      fc.constantFrom("+", "/", "7", "A", "++++", "/".repeat(60), "QUJD".repeat(17)),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Buffer.from(pieces.join(""), "base64"));
const lines = fc
  .array(
    text.map((some) => some.replace(/\r\n|\r|\n/g, "\r\n")),
    { maxLength: 4 },
  )
  .map((some) => some.join("\r\n"));

const attachment: fc.Arbitrary<Attachment> = fc.oneof(
  fc.record({ content: octets, filename: fc.constantFrom("x", "data", "mail from") }),
  fc.tuple(octets, fc.integer({ min: 1, max: 90 })).map(([content, most]) => ({
    source: () => inPieces(content, most),
    size: content.length,
  })),
  lines.map((content) => ({ content: `Subject: x\r\n\r\n${content}`, contentType: "message/rfc822" })),
);
const composed: fc.Arbitrary<Message> = fc
  .record(
    {
      from: line.map((name) => ({ name: name.trim().slice(0, 400), address: "a@x.example" })),
      to: fc.array(
        line.map((name) => ({ name: name.trim().slice(0, 400), address: "\u0445data@x.example" })),
        { maxLength: 3 },
      ),
      subject: line,
      headers: fc
        .tuple(fc.constantFrom("X-Data", "Data", "Mail-From", "X"), line)
        .map(([name, value]) => [{ name, value }]),
      text,
      html: text,
      calendar: text.map((content) => ({ method: "REQUEST" as const, content: `METHOD:REQUEST\r\n${content}` })),
      attachments: fc.array(attachment, { maxLength: 3 }),
    },
    { requiredKeys: ["from"], noNullPrototype: true },
  )
  .map((made): ComposedMessage => ({ ...made, envelope: { to: "b@x.example" } }));
const whole = fc
  .tuple(lines, lines)
  .map(
    ([header, body]) =>
      `From: a@x.example\r\nX-Folded: x${header.replace(/\r\n(?![ \t]*[!-~])/g, "").replace(/\r\n(?! )/g, "\r\n ")}\r\n\r\n${body}\r\n`,
  );
const envelope = { from: "a@x.example", to: "b@x.example" };
const ready: fc.Arbitrary<Message> = fc.oneof(
  whole.map((message) => ({ envelope, message })),
  whole.map((message) => ({ envelope, message: Buffer.from(message) })),
  whole.map((message) => ({ envelope, message: Buffer.from(message.replaceAll("\r\n", "\n"), "latin1") })),
  fc.tuple(whole, fc.integer({ min: -12, max: 12 })).map(([message, shift]) => ({
    envelope,
    // Moves what follows to where one window, or one read, ends and the next begins.
    message: Buffer.from(
      message.replace(
        "\r\n\r\n",
        `\r\n\r\n${"y\r\n".repeat(21_845)}`.slice(0, 65_536 - message.indexOf("\r\n\r\n") + shift) + "\r\n",
      ),
    ),
  })),
);
const fileOf = (message: Message): Message => {
  if (!("message" in message) || !(message.message instanceof Uint8Array)) return message;
  const path = join(folder, "message.eml");
  writeFileSync(path, message.message);
  return { ...message, message: { path } };
};

async function* inPieces(content: Buffer, most: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += most) yield content.subarray(at, at + most);
}

for (const [kind, messages, runs] of [
  ["composed", composed, 1000],
  ["ready-made", ready, 500],
  ["ready-made in a file", ready.map(fileOf), 200],
] as const) {
  test(`no line of a chunk is command-like or longer than a command (${kind})`, async () => {
    const found = { bdat: 0, dot: 0, innocent: 0 };
    await fc.assert(
      fc.asyncProperty(messages, async (message) => {
        const prepared = await preparedOf(message);
        if (prepared === undefined) return;
        const written = await read(prepared);
        const { size, put } = prepared.content;
        assert.equal(size, written.length);
        const target = Buffer.alloc(size);
        if (put !== undefined) assert.equal(put(target, 0), size);
        if (put !== undefined) assert.deepEqual(target, written);
        const framing = framingOf(prepared, offered, true);
        found[framing] += 1;
        const offenders = offendersIn(written);
        if (framing === "bdat") assert.deepEqual(offenders, []);
        else if (offenders.length === 0) found.innocent += 1;
      }),
      { numRuns: runs },
    );
    // The test would show nothing if all messages went the same way.
    assert.ok(found.bdat > runs / 10 && found.dot > runs / 50, JSON.stringify(found));
    assert.ok(found.innocent < found.dot / 5, `by DATA without need: ${JSON.stringify(found)}`);
  });
}

/** `undefined` if the message is refused. */
async function preparedOf(message: Message): Promise<PreparedMessage | undefined> {
  try {
    return await prepareMessage(message);
  } catch (error) {
    if (error instanceof MailError) return undefined;
    throw error;
  }
}
