import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptBody, StreamedBody } from "./body.ts";

const message = { envelope: { from: "", to: [], mailParameters: [], rcptParameters: [] }, username: "app" };
const piece = Buffer.alloc(64 * 1024, "x");

test("a streamed message has no room until its receiver has taken what is there", async () => {
  const { promise: turn, resolve: start } = Promise.withResolvers<void>();
  const pieces: Buffer[] = [];
  const body = new StreamedBody(Infinity, message, async ({ octets }) => {
    await turn;
    for await (const octet of octets) pieces.push(octet);
  });
  const rooms = [body.room];
  body.add(piece);
  rooms.push(body.room);
  assert.deepEqual(pieces, []);
  start();
  await rooms[1];
  rooms.push(body.room);
  assert.deepEqual(
    rooms.map((room) => room === undefined),
    [true, false, true],
  );
  await body.finish();
  assert.deepEqual(pieces, [piece]);
});

test("a receiver that is done, well or not, makes nobody wait", async () => {
  for (const receive of [async () => undefined, () => Promise.reject(new Error("no"))]) {
    const body = new StreamedBody(Infinity, message, receive);
    body.add(piece);
    await body.room;
    body.add(piece);
    assert.equal(body.room, undefined);
    const problem = await body.finish();
    assert.equal(body.size, 2 * piece.length);
    assert.ok(problem === undefined || problem.message === "no");
  }
});

test("a streamed message that is too large has room, and keeps nothing", async () => {
  const body = new StreamedBody(piece.length, message, async ({ octets }) => {
    for await (const octet of octets) assert.equal(octet.length, piece.length);
  });
  body.add(piece);
  body.add(piece);
  assert.equal(body.room, undefined);
  assert.match(String(await body.finish()), /larger than sizeLimit/);
});

test("a message that is too large is counted, and no octet of it is kept", () => {
  const body = new KeptBody(piece.length);
  body.add(piece);
  assert.equal(body.octets.length, piece.length);
  body.add(Buffer.from("y"));
  assert.equal(body.octets.length, 0);
  assert.equal(body.size, piece.length + 1);
});
