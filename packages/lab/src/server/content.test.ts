import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Content } from "./content.ts";

test("a message is the same however it was cut, up to its limit", () => {
  const pieces = fc.array(fc.nat({ max: 9_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(pieces, fc.nat({ max: 200_000 }), (lengths, limit) => {
      const content = new Content(limit);
      let whole = Buffer.alloc(0);
      for (const [at, length] of lengths.entries()) {
        const piece = Buffer.alloc(length, at + 1);
        content.add(piece);
        if (whole.length + length <= limit) whole = Buffer.concat([whole, piece]);
        // What the caller does with its buffer later is not seen.
        piece.fill(0);
        if (content.isTooLong) break;
      }
      assert.ok(content.octets.equals(whole));
    }),
    { numRuns: 30 },
  );
});

test("a long message takes room for itself and one block more, until it is joined", (t) => {
  const alloc = t.mock.method(Buffer, "alloc");
  const pieces = 1_000;
  const piece = Buffer.from("x".repeat(10_000));
  const content = new Content(Infinity);
  for (let count = 0; count < pieces; count += 1) content.add(piece);
  const room = alloc.mock.calls.reduce((sum, { arguments: [size] }) => sum + size, 0);
  assert.ok(room <= pieces * piece.length + 1024 * 1024, `${room} octets`);
  assert.equal(content.octets.length, pieces * piece.length);
});
