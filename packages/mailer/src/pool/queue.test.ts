import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Placed, Queue } from "./queue.ts";

test("a queue behaves like an array, whatever is done to it", () => {
  const acts = fc.array(fc.constantFrom("push", "push", "push", "shift", "shift", "unshift", "remove", "clear"), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(acts, fc.nat(), (some, seed) => {
      const queue = new Queue<Placed>();
      let model: Placed[] = [];
      for (const [at, act] of some.entries()) {
        const item = { place: 0 };
        if (act === "push") {
          queue.push(item);
          model.push(item);
        } else if (act === "unshift") {
          queue.unshift(item);
          model.unshift(item);
        } else if (act === "shift") {
          assert.equal(queue.shift(), model.shift());
        } else if (act === "remove") {
          const victim = model[(seed + at) % (model.length + 1)] ?? item;
          assert.equal(queue.remove(victim), model.includes(victim));
          model = model.filter((one) => one !== victim);
        } else if (at % 7 === 0) {
          assert.deepEqual(queue.clear(), model.splice(0));
        }
        assert.equal(queue.size, model.length);
        assert.equal(queue.first, model[0]);
      }
    }),
  );
});
