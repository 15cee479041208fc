import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { createSecureContext } from "node:tls";
import { listen } from "./listener.ts";
import { serve, type ServeOptions } from "./serve.ts";
import type { Taken } from "./session.ts";

const envelope = "MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n";

/** The reply codes for a client that says all of this at once, and then nothing more. */
async function codes(said: string, options: ServeOptions = {}): Promise<string> {
  await using server = await listen((socket) => void serve(socket, options));
  const socket = connect(server.port, "127.0.0.1");
  let heard = "";
  socket.on("data", (octets: Buffer) => (heard += octets.toString()));
  socket.end(said);
  await once(socket, "close");
  return (heard.match(/^\d{3}(?= )/gm) ?? []).join(" ");
}

test("a message by DATA and one by BDAT are taken as they were written", async () => {
  const taken: Taken[] = [];
  const store = (message: Taken): unknown => taken.push(message);
  const said = `EHLO x\r\n${envelope}DATA\r\n..a\r\n.\r\n${envelope}BDAT 2\r\nb\rBDAT 1 LAST\r\n\nQUIT\r\n`;
  assert.equal(await codes(said, { store }), "220 250 250 250 354 250 250 250 250 250 221");
  const rest = { username: undefined, reversePath: "a@x.example", forwardPaths: ["b@x.example"] };
  assert.deepEqual(taken, [
    { ...rest, body: ".a\r\n" },
    { ...rest, body: "b\r\n" },
  ]);
});

for (const [what, said, expected] of [
  ["a chunk without a recipient, whose octets are not commands", "BDAT 6 LAST\r\nNOOP\r\nQUIT\r\n", "220 503 221"],
  ["a chunk without a size, after which nothing can be a command", "BDAT LAST\r\nNOOP\r\n", "220 501"],
  ["a chunk of more octets than can be counted", `BDAT ${"9".repeat(400)}\r\nNOOP\r\n`, "220 501"],
  ["a sender twice", `${envelope}${envelope}`, "220 250 250 503 250"],
  ["a message for nobody", "MAIL FROM:<>\r\nDATA\r\nNOOP\r\n", "220 250 503 250"],
  ["a mechanism that is not offered", "AUTH PLAIN AHgAeQ==\r\nNOOP\r\n", "220 504 250"],
  ["a line that ends with LF alone", "NOOP\nNOOP\r\n", "220"],
  ["half a message", `${envelope}DATA\r\nhalf`, "220 250 250 354"],
] as const)
  test(`${what} is answered ${expected}`, async () => {
    assert.equal(await codes(said), expected);
  });

test("a server that requires a login takes no mail without one", async () => {
  assert.equal(await codes(`${envelope}DATA\r\n`, { requiresLogin: true }), "220 530 503 503");
});

test("a recipient may be refused, and the reply to a message waits until somebody has seen it", async () => {
  const arrived: string[][] = [];
  const taken: string[][] = [];
  const options: ServeOptions = {
    refuse: (recipient, others) => (others > 1 ? `452 4.5.3 ${recipient} is one too many` : undefined),
    arrive: async ({ forwardPaths }) => void arrived.push([...forwardPaths, String(taken.length)]),
    store: ({ forwardPaths }) => taken.push([...forwardPaths]),
  };
  const said = `${envelope}RCPT TO:<c@x.example>\r\nRCPT TO:<d@x.example>\r\nDATA\r\n.\r\nQUIT\r\n`;
  assert.equal(await codes(said, options), "220 250 250 250 452 354 250 221");
  assert.deepEqual(arrived, [["b@x.example", "c@x.example", "0"]]);
  assert.deepEqual(taken, [["b@x.example", "c@x.example"]]);
});

test("octets after STARTTLS in the same write end the conversation, and are reported", async () => {
  const failures: unknown[] = [];
  const tls = { transport: "starttls", context: createSecureContext() } as const;
  const onFailure = (error: unknown): unknown => failures.push(error);
  assert.equal(await codes("STARTTLS\r\nNOOP\r\n", { tls, onFailure }), "220 220");
  assert.match(String(failures), /the client sent more after STARTTLS/);
});
