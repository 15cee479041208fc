import assert from "node:assert/strict";
import { test } from "node:test";
import { BareLineEnd, Intake } from "./intake.ts";

test("lines and counts are taken out however the octets come in", async () => {
  const intake = new Intake();
  const said = "EHLO a\r\nBDAT 4 LAST\r\n\r\nab";
  const reading = (async () => [
    await intake.line(),
    await intake.line(),
    await intake.octets(4),
    await intake.line(),
  ])();
  for (const octet of said) {
    intake.push(Buffer.from(octet));
    await Promise.resolve();
  }
  intake.end();
  assert.deepEqual(
    (await reading).map((taken) => taken?.toString()),
    ["EHLO a", "BDAT 4 LAST", "\r\nab", undefined],
  );
  assert.ok(intake.isEmpty);
});

for (const said of ["NOOP\n", "NO\rOP\r\n", "\nNOOP\r\n", "NOOP\r\r\n"]) {
  test(`${JSON.stringify(said)} has a line end that two readers would not agree on`, async () => {
    const intake = new Intake();
    intake.push(Buffer.from(said));
    await assert.rejects(intake.line(), BareLineEnd);
  });
}

test("a line without an end is not kept for ever", async () => {
  const intake = new Intake();
  intake.push(Buffer.alloc(70_000, "x"));
  await assert.rejects(intake.line(), BareLineEnd);
});
