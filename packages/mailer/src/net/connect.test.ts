import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { test } from "node:test";
import { Witness } from "../diagnostics/witness.ts";
import { parseServer } from "../policy/server.ts";
import { connectTo } from "./connect.ts";

/** Clock ticks a second, as /proc counts them. */
const TICKS = 100;

/** The timer that the kernel runs for the socket on this local port, and the ticks until it rings. */
function kernelTimer(port: number): { readonly kind: string; readonly ticks: number } {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const row = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/ +/))
    .find(([, address]) => address?.endsWith(local));
  const [kind = "", ticks = ""] = row?.[5]?.split(":") ?? [];
  return { kind, ticks: Number.parseInt(ticks, 16) };
}

test(
  "TCP asks after half a minute of silence whether the peer is still there",
  { skip: process.platform !== "linux" },
  async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const target = parseServer(`submission://127.0.0.1:${address.port}`);
    const stream = await connectTo(target, { timeout: 10_000, witness: new Witness(target) });
    assert.ok(stream instanceof Socket);
    const timer = kernelTimer(stream.localPort ?? 0);
    stream.destroy();
    server.close();
    // RFC 9293 section 3.8.4; 02 is the keep-alive timer, 00 none.
    assert.equal(timer.kind, "02");
    assert.ok(timer.ticks > 20 * TICKS && timer.ticks <= 30 * TICKS, `${timer.ticks}`);
  },
);

test("if Node's permissions allow no connections, the error says so, and that trying again will not help", async () => {
  const target = parseServer("submission://mail.example.com");
  const denied = Object.assign(new Error("Access to this API has been restricted"), { code: "ERR_ACCESS_DENIED" });
  const connecting = connectTo(target, {
    timeout: 10_000,
    witness: new Witness(target),
    route: { connect: () => Promise.reject(denied) },
  });
  await assert.rejects(connecting, {
    code: "MAIL_NETWORK_CONNECT",
    disposition: "give-up",
    message: /--allow-net/,
  });
});
