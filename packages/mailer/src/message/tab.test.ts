/** Tabs: a part of free text (RFC 5322 section 2.2), and of nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import PostalMime from "postal-mime";
import type { ComposedMessage } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

async function composed(message: Partial<ComposedMessage>): Promise<string> {
  const prepared = await prepareMessage({ from: "a@x.example", to: "b@x.example", ...message });
  const chunks: Uint8Array[] = [];
  for await (const chunk of prepared.content.open({ eightBit: true })) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("between two words a tab stays as it is", async () => {
  const written = await composed({ subject: "one\ttwo three", headers: { "X-Table": "1\t2\t3" } });
  assert.match(written, /^Subject: one\ttwo three\r$/m);
  assert.match(written, /^X-Table: 1\t2\t3\r$/m);
});

for (const subject of ["\tone", "one\t", "one\t\ttwo", "one \ttwo", "one\t two", "eins\tzwei \u00fc", "a\t=?x"]) {
  test(`a tab that a reader might lose is encoded: ${JSON.stringify(subject)}`, async () => {
    const written = await composed({ subject });
    assert.equal((await PostalMime.parse(written)).subject, subject);
    assert.doesNotMatch(written, /^Subject:.*\t/m);
  });
}

test("in a name, a filename or an address a tab is refused", async () => {
  for (const change of [
    { to: { name: "a\tb", address: "b@x.example" } },
    { to: "a\tb <b@x.example>" },
    { to: "b@x.example\t" },
    { attachments: [{ content: "x", filename: "a\tb" }] },
  ])
    await assert.rejects(composed(change), /holds a tab/);
});
