import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Content } from "./content.ts";
import { Inlet } from "./inlet.ts";
import { Intake, LineError } from "./intake.ts";

test("lines and chunks come out whole, however the octets come in", async () => {
  const inlet = new Inlet();
  const said = "EHLO a\r\nBDAT 4 LAST\r\n\r\nab";
  const chunk = new Content(4);
  const reading = (async () => [
    await inlet.line(),
    await inlet.line(),
    (await inlet.chunk(chunk, 4)) ? chunk.octets : undefined,
    await inlet.line(),
  ])();
  for (const octet of said) {
    inlet.push(Buffer.from(octet));
    await Promise.resolve();
  }
  inlet.end();
  assert.deepEqual(
    (await reading).map((taken) => taken?.toString()),
    ["EHLO a", "BDAT 4 LAST", "\r\nab", undefined],
  );
  assert.ok(inlet.isEmpty);
});

for (const said of ["NOOP\n", "NO\rOP\r\n", "\nNOOP\r\n", "NOOP\r\r\n"]) {
  test(`${JSON.stringify(said)} has a line end that two readers would not agree on`, () => {
    const intake = new Intake();
    intake.push(Buffer.from(said));
    assert.throws(() => intake.line(), LineError);
  });
}

test("a line without an end is refused once it is too long", () => {
  const intake = new Intake();
  intake.push(Buffer.alloc(70_000, "x"));
  assert.throws(() => intake.line(), LineError);
});

test("a loose reader ends a line at a bare LF, and keeps a bare CR", () => {
  const intake = new Intake({ lineEnd: "LF" });
  intake.push(Buffer.from("NOOP\nNO\rOP\r\n\n"));
  assert.deepEqual(
    [intake.line(), intake.line(), intake.line(), intake.line()].map((line) => line?.toString()),
    ["NOOP", "NO\rOP", "", undefined],
  );
});

test("a message ends at its dot, with every other dot unstuffed, however it was cut", () => {
  const line = fc.string({ unit: fc.constantFrom(".", "a", " "), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(9), { minLength: 1 }), (lines, sizes) => {
      const message = lines.map((text) => `${text}\r\n`).join("");
      const stuffed = `${message.replaceAll(/^\./gm, "..")}.\r\nQUIT\r\n`;
      const intake = new Intake();
      const content = new Content(message.length);
      let whole = false;
      let rest = stuffed;
      for (let turn = 0; rest !== ""; turn += 1) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        intake.push(Buffer.from(rest.slice(0, size)));
        rest = rest.slice(size);
        whole ||= intake.message(content);
      }
      assert.ok(whole);
      assert.equal(content.octets.toString(), message);
      assert.equal(intake.line()?.toString(), "QUIT");
    }),
  );
});

test("beyond its limit a message is counted but not kept", async () => {
  const inlet = new Inlet();
  const content = new Content(10);
  for (const piece of ["0123456", "789", "abc"]) inlet.push(Buffer.from(piece));
  assert.ok(await inlet.chunk(content, 10));
  assert.equal(content.isTooLong, false);
  assert.ok(await inlet.chunk(content, 3));
  assert.ok(content.isTooLong);
  assert.equal(content.size, 13);
  assert.equal(content.octets.toString(), "0123456789");
});

test("a client that leaves within a message or a chunk has not sent a whole one", async () => {
  const inlet = new Inlet();
  inlet.push(Buffer.from("half a message\r\n."));
  inlet.end();
  assert.equal(await inlet.message(new Content(100)), false);
  assert.equal(await inlet.chunk(new Content(100), 5), false);
});
