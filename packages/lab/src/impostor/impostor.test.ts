import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { createAuthority } from "../authority/authority.ts";
import { said } from "../verdict/transcript.ts";
import { honest } from "../vectors/index.ts";
import { startImpostor } from "./impostor.ts";

const MEBI = 1024 * 1024;

/** Says `text` again and again to an honest impostor until it has said so many octets or the connection ends. */
async function flood(text: string, octets: number): Promise<{ readonly heard: string; readonly answers: string }> {
  await using impostor = await startImpostor(honest, { authority: await createAuthority() });
  const socket = connect(impostor.port, "127.0.0.1");
  let answers = "";
  socket.on("data", (chunk) => (answers += chunk.toString("latin1"))).on("error", () => undefined);
  await once(socket, "connect");
  for (let sent = 0; sent < octets && !socket.destroyed; sent += text.length)
    await new Promise((resolve) => socket.write(text, resolve));
  socket.end();
  // `once` would reject for the reset that is expected here.
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  await impostor.settled();
  const [connection] = impostor.transcript.connections;
  assert.ok(connection !== undefined);
  return { heard: said(connection, "client", "clear"), answers };
}

test("a client is heard up to 8 MiB, and then its connection is reset", async () => {
  const { heard } = await flood(`NOOP ${"x".repeat(60_000)}\r\n`, 12 * MEBI);
  assert.ok(heard.length > 7 * MEBI && heard.length <= 8 * MEBI, `${heard.length} octets`);
});

test("a line without an end is refused after 1 MiB", async () => {
  const { answers } = await flood("x".repeat(65_536), 2 * MEBI);
  assert.match(answers, /^220 [^\r]*\r\n500 5\.5\.6 Line too long\r\n$/);
});

test("a session ends after a thousand commands", async () => {
  const { answers } = await flood("NOOP\r\n".repeat(550), 6 * 1_100);
  assert.match(answers, /250 2\.0\.0 Ok\r\n421 4\.7\.0 Too many commands\r\n$/);
});
