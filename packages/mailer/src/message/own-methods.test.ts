/** Objects of a caller's own classes: their methods do not decide what is sent. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { InputError } from "../errors/input-error.ts";
import type { ComposedMessage, Message } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const folder = mkdtempSync(path.join(tmpdir(), "postseal-own-methods-"));
after(() => rmSync(folder, { recursive: true }));

const base: ComposedMessage = { from: "a@b.example", to: "c@d.example", text: "text" };
const envelope = { from: "a@b.example", to: "c@d.example" };
const INJECTED = "x\r\nBcc: thief@rogue.example";

async function octets(message: Message): Promise<string> {
  const { content } = await prepareMessage(message);
  const pieces: Uint8Array[] = [];
  for await (const piece of content.open({ eightBit: true })) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces).toString("latin1");
}

function changed<T extends object>(object: T, name: string, value: unknown): T {
  return Object.assign({ ...object }, { [name]: value });
}

class Octets extends Uint8Array {
  override get length(): number {
    return 3;
  }
  override get byteLength(): number {
    return 3;
  }
  override get buffer(): ArrayBuffer {
    return new ArrayBuffer(3);
  }
  override subarray(): Octets {
    return new Octets(Buffer.from(INJECTED));
  }
  override toString(): string {
    return INJECTED;
  }
  override *[Symbol.iterator](): ArrayIterator<number> {
    yield* Buffer.from(INJECTED);
  }
  static get [Symbol.species](): Uint8ArrayConstructor {
    throw new Error("somebody asked for the class");
  }
}

test("of a Date that overrides its text only the time is written", async () => {
  class Sly extends Date {
    override toUTCString(): string {
      return INJECTED;
    }
    override getTime(): number {
      return 0;
    }
    override getUTCFullYear(): number {
      return 2000;
    }
  }
  const written = await octets({ ...base, date: new Sly("2026-11-20T10:00:00Z") });
  assert.match(written, /^Date: Fri, 20 Nov 2026 10:00:00 \+0000\r\n/);
  assert.doesNotMatch(written, /rogue/);
});

test("a Date by its prototype alone is refused", () => {
  // @ts-expect-error a caller without types may give it
  const date: Date = { __proto__: Date.prototype, toUTCString: () => INJECTED, getUTCFullYear: () => 2026 };
  assert.throws(() => prepareMessage({ ...base, date }), { code: "MAIL_INPUT_HEADER", field: "date" });
});

test("octets of a class that overrides length, slice and text are sent as they are", async () => {
  const text = "From: a@b.example\r\n\r\nseven and more\r\n";
  assert.equal(await octets({ envelope, message: new Octets(Buffer.from(text)) }), text);
  const long = `${text}${"line\r\n".repeat(60_000)}`;
  assert.equal(await octets({ envelope, message: new Octets(Buffer.from(long)) }), long);
  async function* source(): AsyncGenerator<Uint8Array> {
    yield new Octets(Buffer.from(text));
  }
  assert.equal(await octets({ envelope, message: source() }), text);
  const attached = { content: new Octets(Buffer.from("attached")), filename: "a.bin" };
  assert.ok((await octets({ ...base, attachments: [attached] })).includes(Buffer.from("attached").toString("base64")));
});

test("an object in place of a text is refused everywhere", () => {
  const sly: unknown = { toString: () => INJECTED, length: 1, replace: () => "x", split: () => [INJECTED] };
  const boxed: unknown = Object("text");
  for (const value of [sly, boxed]) {
    for (const name of ["from", "to", "sender", "subject", "text", "html", "messageId", "inReplyTo", "references"]) {
      const message = changed(base, name, value);
      assert.throws(() => prepareMessage(message), InputError, name);
    }
    for (const name of ["filename", "contentType", "contentId", "disposition", "content"]) {
      const message = { ...base, attachments: [changed({ content: "x" }, name, value)] };
      assert.throws(() => prepareMessage(message), InputError, name);
    }
    for (const list of [{ id: value }, { unsubscribe: value }, { help: [value] }]) {
      // @ts-expect-error a caller without types may give it
      assert.throws(() => prepareMessage({ ...base, list }), InputError);
    }
    // @ts-expect-error a caller without types may give it
    assert.throws(() => prepareMessage({ ...base, headers: { "X-One": value } }), InputError);
    // @ts-expect-error a caller without types may give it
    assert.throws(() => prepareMessage({ ...base, dsn: { notify: value } }), InputError);
    // @ts-expect-error a caller without types may give it
    assert.throws(() => prepareMessage({ ...base, calendar: { method: value, content: "METHOD:ADD" } }), InputError);
  }
});

test("a list that overrides its methods is read by index", async () => {
  class List<T> extends Array<T> {
    override map<U>(): U[] {
      return [];
    }
    override some(): boolean {
      return false;
    }
    override join(): string {
      return INJECTED;
    }
    override *[Symbol.iterator](): ArrayIterator<T> {}
  }
  const to = List.of("c@d.example", "e@f.example");
  const prepared = await prepareMessage({ ...base, to });
  assert.deepEqual(prepared.envelope.forwardPaths, ["c@d.example", "e@f.example"]);
  const references = List.of("<a@b>");
  assert.match(await octets({ ...base, references }), /^References: <a@b>\r\n/m);
});

test("what a class lists as its headers is judged as any list", () => {
  class Sly extends Map<string, string> {
    override *[Symbol.iterator](): MapIterator<[string, string]> {
      yield ["Bcc", "thief@rogue.example"];
    }
  }
  assert.throws(() => prepareMessage({ ...base, headers: new Sly() }), {
    code: "MAIL_INPUT_HEADER",
    field: "headers[0].name",
  });
});

test("of a file URL that overrides its methods only the text is read", async () => {
  const file = path.join(folder, "note.txt");
  writeFileSync(file, "note");
  const sly = (url: URL): URL =>
    Object.defineProperties(url, {
      protocol: { value: "file:" },
      host: { value: "" },
      pathname: { value: "/etc/passwd" },
    });
  await assert.rejects(octets({ ...base, attachments: [{ path: sly(new URL("https://rogue.example/etc/passwd")) }] }), {
    code: "MAIL_INPUT_ATTACHMENT",
    message: /not a local file/,
  });
  assert.match(await octets({ ...base, attachments: [{ path: sly(pathToFileURL(file)) }] }), /bm90ZQ==/);
});
