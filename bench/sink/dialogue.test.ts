import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialogue } from "./dialogue.ts";
import type { SinkSetup } from "./setup.ts";

const setup: SinkSetup = {
  certificate: "",
  key: "",
  transport: "implicit",
  chunking: true,
  mechanism: "PLAIN",
  password: "",
  withholds: false,
};
const bodies = ["Text.\r\n", "", "..\r\n.more\r\n", "a\r\n.\r", "\r\n\r\n"];
const envelope = "MAIL FROM:<a@example.com>\r\nrcpt to:<b@example.org>\r\n";

/** The result of a conversation that arrives in pieces of one size. */
function hear(words: string, size: number): { messages: number; octets: number; commands: number; replies: string } {
  const totals = { messages: 0, octets: 0 };
  const dialogue = new Dialogue(setup, true, totals);
  const octets = Buffer.from(words, "latin1");
  let replies = "";
  for (let at = 0; at < octets.length; at += size) replies += dialogue.receive(octets.subarray(at, at + size));
  return { ...totals, commands: dialogue.commands, replies };
}

for (const size of [1, 2, 3, 5, 7, 1000]) {
  test(`in pieces of ${size}, every DATA message ends at its final dot`, () => {
    const words = bodies.map((body) => `${envelope}DATA\r\n${body}\r\n.\r\n`).join("");
    const heard = hear(words, size);
    assert.equal(heard.messages, bodies.length);
    assert.equal(heard.commands, 3 * bodies.length);
    assert.equal(heard.replies.split("\r\n").length - 1, 4 * bodies.length);
  });

  test(`in pieces of ${size}, every chunk ends after its octets`, () => {
    const words = bodies.map((body) => `${envelope}BDAT 2\r\nQ\nBDAT ${body.length} LAST\r\n${body}`).join("");
    const heard = hear(words, size);
    assert.equal(heard.messages, bodies.length);
    assert.equal(heard.octets, bodies.join("").length + 2 * bodies.length);
    assert.equal(heard.commands, 4 * bodies.length);
  });
}

test("QUIT is not counted among a message's commands", () => {
  assert.equal(hear(`EHLO a\r\n${envelope}BDAT 1 LAST\r\nxQUIT\r\n`, 1000).commands, 3);
});
