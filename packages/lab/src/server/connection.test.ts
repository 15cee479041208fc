import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { Connection } from "./connection.ts";
import { Content } from "./content.ts";
import { listen } from "./listener.ts";

const SIZE = 32 * 1024 * 1024;

test("a client waits while nobody reads what it has sent, and the rest comes once somebody does", async () => {
  const { promise: accepted, resolve: accept } = Promise.withResolvers<Socket>();
  await using listener = await listen(accept);
  const client = connect(listener.port, "127.0.0.1");
  client.resume().end(Buffer.alloc(SIZE, "x"));
  const socket = await accepted;
  let came = 0;
  const { promise: allCame, resolve: finish } = Promise.withResolvers<void>();
  socket.on("data", (octets: Buffer) => {
    came += octets.length;
    if (came === SIZE) finish();
  });
  const connection = new Connection(socket);
  await Promise.race([once(socket, "pause"), allCame]);
  assert.ok(came < 1024 * 1024, `${came} octets are in memory`);
  const content = new Content(0);
  assert.ok(await connection.chunk(content, SIZE));
  assert.equal(content.size, SIZE);
  connection.close();
});

test("a sink without room is given no more than was there already", async () => {
  await using listener = await listen((socket) => {
    socket.end(Buffer.alloc(SIZE, "x"));
  });
  const connection = new Connection(connect(listener.port, "127.0.0.1"));
  const pieces: number[] = [];
  let room: Promise<void> | undefined;
  const sink = {
    add: ({ length }: Buffer): void => {
      pieces.push(length);
      room = new Promise((resolve) => {
        setImmediate(() => {
          room = undefined;
          resolve();
        });
      });
    },
    get room(): Promise<void> | undefined {
      return room;
    },
  };
  assert.ok(await connection.chunk(sink, SIZE));
  assert.ok(Math.max(...pieces) <= 512 * 1024, `${Math.max(...pieces)} octets at once`);
  connection.close();
});
