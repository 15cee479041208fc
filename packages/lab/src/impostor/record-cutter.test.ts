import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RecordCutter } from "./record-cutter.ts";

function record(type: number, body: string, version = 3): Buffer {
  const header = Buffer.from([type, 3, version, 0, 0]);
  header.writeUInt16BE(body.length, 3);
  return Buffer.concat([header, Buffer.from(body, "latin1")]);
}

/** All records, and all clear text, of octets that come in such pieces. */
function cut(octets: Buffer, sizes: readonly number[]): { readonly records: string; readonly clear: string } {
  const cutter = new RecordCutter();
  let [records, clear, at] = ["", "", 0];
  for (let turn = 0; at < octets.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const piece of cutter.push(octets.subarray(at, at + size))) {
      if (piece.isRecord) records += piece.octets.toString("latin1");
      else clear += piece.octets.toString("latin1");
    }
    at += size;
  }
  return { records, clear: clear + cutter.end().toString("latin1") };
}

const text = fc.string({
  minLength: 1,
  unit: fc.constantFrom("E", "H", "L", "O", " ", "\r\n", "\x16", "\x03", "\x01"),
});

test("whatever the pieces, records come out as records, and what follows them as clear text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0x14, max: 0x18 }), fc.string({ maxLength: 30 }))),
      text.filter((clear) => !clear.startsWith("\x16")),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (bodies, clear, sizes) => {
        const records = Buffer.concat(bodies.map(([type, body]) => record(type, Buffer.from(body).toString("latin1"))));
        const octets = Buffer.concat([records, Buffer.from(clear, "latin1")]);
        assert.deepEqual(cut(octets, sizes), { records: records.toString("latin1"), clear });
      },
    ),
  );
});

for (const [what, octets] of [
  ["a command", Buffer.from("EHLO client.example\r\n")],
  ["half a header", Buffer.from([0x16, 3])],
  ["the version of no TLS", record(0x16, "hello", 5)],
  ["a type that TLS does not have", record(0x19, "hello")],
  ["a record that is too long", Buffer.from([0x16, 3, 1, 0xff, 0xff, 1])],
] as const)
  test(`${what} is clear text`, () =>
    assert.deepEqual(cut(octets, [1]), { records: "", clear: octets.toString("latin1") }));
