import assert from "node:assert/strict";
import { test } from "node:test";
import { Slab } from "./slab.ts";

/** What is written, each write as it came; none is taken until `take` is called. */
function written(): { readonly slab: Slab; readonly writes: Uint8Array[]; readonly take: (error?: Error) => void } {
  const writes: Uint8Array[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const slab = new Slab((octets, taken) => {
    writes.push(octets);
    waiting.push(taken);
  });
  return { slab, writes, take: (error) => waiting.splice(0).forEach((taken) => taken(error)) };
}

const joined = (writes: readonly Uint8Array[]): string => Buffer.concat(writes).toString();

test("text and octets are one write, in their order, and nothing is written twice", () => {
  const { slab, writes } = written();
  slab.text("MAIL é\r\n");
  slab.octets(Buffer.from("body\r\n"));
  slab.flush();
  slab.flush();
  assert.equal(writes.length, 1);
  assert.equal(joined(writes), "MAIL é\r\nbody\r\n");
});

test("what is too long to be copied goes as it is, behind what was gathered before it", () => {
  const { slab, writes } = written();
  const long = Buffer.alloc(200_000, "x");
  slab.text("head ");
  slab.octets(long);
  slab.text(`${"y".repeat(200_000)} tail`);
  slab.flush();
  assert.equal(writes[1], long);
  assert.equal(joined(writes), `head ${long.toString()}${"y".repeat(200_000)} tail`);
});

test("more than a slab holds is several writes", () => {
  const { slab, writes } = written();
  const piece = Buffer.alloc(60_000, "z");
  for (let at = 0; at < 10; at += 1) slab.octets(piece);
  slab.flush();
  assert.ok(writes.length > 1);
  assert.equal(joined(writes), "z".repeat(600_000));
});

test("a slab is not used again before it is taken, nor after a write that failed", () => {
  const { slab, writes, take } = written();
  slab.text("first");
  slab.flush();
  slab.text("second");
  slab.flush();
  assert.notEqual(writes[0]?.buffer, writes[1]?.buffer);
  assert.equal(joined(writes), "firstsecond");
  take(new Error("reset"));
  slab.text("third");
  slab.flush();
  assert.ok(writes.slice(0, 2).every(({ buffer }) => buffer !== writes[2]?.buffer));
  take();
  slab.text("fourth");
  slab.flush();
  assert.equal(writes[3]?.buffer, writes[2]?.buffer);
});
