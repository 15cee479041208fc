import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { collect } from "./octets.ts";

test("a short message is collected whole", async () => {
  const message = await collect(Readable.from([Buffer.from("one\r\n"), Buffer.from("two\r\n")]));
  assert.ok(message instanceof Uint8Array);
  assert.equal(Buffer.from(message).toString(), "one\r\ntwo\r\n");
});

test("a long message becomes a stream of the same octets, and no more was read than the limit", async () => {
  let read = 0;
  const source = Readable.from(
    (function* () {
      for (; read < 10; read++) yield Buffer.from(`line ${read}\r\n`);
    })(),
    { highWaterMark: 1 },
  );
  const message = await collect(source, 20);
  assert.ok(!(message instanceof Uint8Array) && typeof message !== "function");
  assert.ok(read < 6, `${read} were read ahead`);
  let text = "";
  for await (const chunk of message) text += Buffer.from(chunk).toString();
  assert.equal(text, Array.from({ length: 10 }, (_, index) => `line ${index}\r\n`).join(""));
});

test("a bare LF becomes CRLF, wherever a chunk ends; a bare CR stays", async () => {
  const text = "\none\r\ntwo\n\nthree\rfour\r\n\r";
  for (let size = 1; size <= text.length; size++) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const message = await collect(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
    assert.ok(message instanceof Uint8Array);
    assert.equal(Buffer.from(message).toString(), "\r\none\r\ntwo\r\n\r\nthree\rfour\r\n\r");
  }
});

test("if the source fails, collecting fails", async () => {
  const source = new Readable({
    read() {
      this.destroy(new Error("no such file"));
    },
  });
  await assert.rejects(collect(source), /no such file/);
});
