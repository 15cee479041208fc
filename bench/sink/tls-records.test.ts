import assert from "node:assert/strict";
import { test } from "node:test";
import { TlsRecordCounter } from "./tls-records.ts";

const record = (length: number): Buffer => {
  const octets = Buffer.alloc(5 + length, 0x17);
  octets.writeUInt16BE(0x0303, 1);
  octets.writeUInt16BE(length, 3);
  return octets;
};
const stream = Buffer.concat([record(1), record(300), record(0), record(16_401), record(5)]);

for (const size of [1, 2, 4, 5, 6, 299, 20_000]) {
  test(`five records count as five, in pieces of ${size}`, () => {
    const records = new TlsRecordCounter();
    for (let at = 0; at < stream.length; at += size) records.receive(stream.subarray(at, at + size));
    assert.equal(records.count, 5);
  });
}
