import assert from "node:assert/strict";
import { test } from "node:test";
import { type Filling, Slab } from "./slab.ts";

/** What is written, each write as it came; none is taken until `take` is called. */
function written(): { readonly slab: Slab; readonly writes: Uint8Array[]; readonly take: (error?: Error) => void } {
  const writes: Uint8Array[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const slab = new Slab((octets, _number, taken) => {
    writes.push(octets);
    waiting.push(taken);
  });
  return { slab, writes, take: (error) => waiting.splice(0).forEach((taken) => taken(error)) };
}

const joined = (writes: readonly Uint8Array[]): string => Buffer.concat(writes).toString();

function filling(octets: Buffer): Filling {
  return { room: octets.length, put: (target, at) => at + octets.copy(target, at) };
}

test("text and octets are one write, in order, and nothing is written twice", () => {
  const { slab, writes } = written();
  slab.add("MAIL é\r\n");
  slab.add("", filling(Buffer.from("body\r\n")));
  slab.flush();
  slab.flush();
  assert.equal(writes.length, 1);
  assert.equal(joined(writes), "MAIL é\r\nbody\r\n");
});

test("what is longer than a slab has one of its own, after what was gathered before it", () => {
  const { slab, writes } = written();
  const long = Buffer.alloc(300_000, "x");
  slab.add("head ");
  slab.add("", filling(long));
  slab.add(`${"y".repeat(300_000)} tail`);
  slab.flush();
  assert.equal(joined(writes), `head ${long.toString()}${"y".repeat(300_000)} tail`);
});

test("more is gathered until a write has been taken, and then goes out by itself", () => {
  const { slab, writes, take } = written();
  slab.add("first");
  slab.settle();
  slab.add("second");
  slab.settle();
  slab.add("third");
  assert.equal(joined(writes), "first");
  take();
  assert.deepEqual(writes.map(String), ["first", "secondthird"]);
  take();
  assert.equal(writes.length, 2);
});

test("more than a slab holds takes several writes", () => {
  const { slab, writes } = written();
  const piece = Buffer.alloc(60_000, "z");
  for (let at = 0; at < 10; at += 1) slab.add("", filling(piece));
  slab.flush();
  assert.ok(writes.length > 1);
  assert.equal(joined(writes), "z".repeat(600_000));
});

test("a slab is not reused before it is taken, nor after a write that failed", () => {
  const { slab, writes, take } = written();
  slab.add("first");
  slab.flush();
  slab.add("second");
  slab.flush();
  assert.notEqual(writes[0]?.buffer, writes[1]?.buffer);
  assert.equal(joined(writes), "firstsecond");
  take(new Error("reset"));
  slab.add("third");
  slab.flush();
  assert.ok(writes.slice(0, 2).every(({ buffer }) => buffer !== writes[2]?.buffer));
  take();
  slab.add("fourth");
  slab.flush();
  assert.equal(writes[3]?.buffer, writes[2]?.buffer);
});

test("if a filling fails, nothing of it goes out, nor old content of the memory", () => {
  const { slab, writes, take } = written();
  slab.add("somebody else's secret");
  slab.flush();
  take();
  const broken: Filling = {
    room: 20,
    put: (target, at) => {
      target.write("half", at);
      throw new RangeError("it has changed");
    },
  };
  slab.add("before ");
  assert.throws(() => slab.add("MAIL ", broken), RangeError);
  slab.add("after");
  slab.flush();
  assert.equal(writes.slice(1).map(String).join(), "before after");
});
