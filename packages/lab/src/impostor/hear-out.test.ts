import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { listen } from "../server/listener.ts";
import { hearOut } from "./hear-out.ts";

/** Speaks, speaks again while the other side is busy, and resets. */
const CLIENT = `
import socket, struct, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
line.sendall(b"one")
line.recv(2)
line.sendall(b"two")
line.close()
`;

test("what a client said before it reset the connection is heard, although our next write fails first", async () => {
  let heard = "";
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  await using listener = await listen((socket) => {
    hearOut(socket);
    socket.on("close", ended);
    socket.on("data", (octets) => {
      const isFirst = heard === "";
      heard += octets.toString("latin1");
      if (!isFirst) return;
      socket.write("go");
      // Reads nothing while the client speaks again and goes: nothing can happen in this thread that says when it has.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
      socket.write("reply");
      socket.write("reply");
    });
  });
  const client = spawn("python3", ["-c", CLIENT, String(listener.port)], { stdio: "inherit" });
  await once(client, "exit");
  await end;
  assert.equal(heard, "onetwo");
});
