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
