/** The queue returns what was put in, however it was cut. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OctetQueue } from "./octet-queue.ts";

test("lines and octets come out as they went in, however they were cut", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r"), maxLength: 20 });
  const action = fc.oneof(
    piece.map((text) => ({ add: text })),
    fc.nat(30).map((count) => ({ take: count })),
    fc.constant({ line: true }),
    piece.map((text) => ({ unread: text })),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const queue = new OctetQueue();
      const taken: (readonly [Buffer, string])[] = [];
      let model = "";
      for (const one of actions) {
        if ("add" in one) {
          queue.add(Buffer.from(one.add));
          model += one.add;
        } else if ("unread" in one) {
          queue.unread(Buffer.from(one.unread));
          model = one.unread + model;
        } else {
          assert.equal(queue.lineLength, model.indexOf("\n") + 1);
          const count = "take" in one ? one.take : queue.lineLength;
          taken.push([queue.take(count), model.slice(0, count)]);
          model = model.slice(count);
        }
        assert.equal(queue.size, model.length);
        assert.equal(queue.first, model === "" ? undefined : model.charCodeAt(0));
      }
      // Compared at the end: octets that were taken must not be overwritten later.
      for (const [octets, text] of taken) assert.equal(octets.toString(), text);
    }),
  );
});
