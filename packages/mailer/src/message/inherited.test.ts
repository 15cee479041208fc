/** Prototype pollution does not reach a message: with every name on `Object.prototype`, the octets stay the same. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { PreparedMessage } from "./envelope.ts";
import type { Message } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

const date = new Date("2026-11-20T10:00:00Z");
const path = { from: "a@b.example", to: "c@d.example" };
/** Every kind of object, each as small as it can be. */
const messages: readonly Message[] = [
  { ...path, text: "one", date },
  {
    from: { address: "a@b.example" },
    to: [{ address: "c@d.example" }],
    html: "<p>",
    date,
    envelope: {},
    list: {},
    dsn: {},
    calendar: { method: "PUBLISH", content: "METHOD:PUBLISH" },
    attachments: [{ content: "text" }, { content: Buffer.from("octets") }],
    headers: [
      { name: "X-One", value: "1" },
      ["X-Two", { ready: "2" }],
      { name: "Errors-To", value: { address: "a@b.example" } },
    ],
    alternatives: [{ contentType: "text/plain", content: "text" }],
  },
  { ...path, attachments: [{ content: "From: a@b.example\n\n\xfc", contentType: "message/rfc822" }], date },
  { envelope: path, message: "From: a@b.example\r\n\r\ntext\r\n" },
];
const values: readonly unknown[] = [
  "thief@rogue.example",
  ["thief@rogue.example"],
  { address: "thief@rogue.example" },
  true,
  1,
];

/** Everything that goes over the wire, except what is random. */
function prepared(message: Message): unknown {
  const made = prepareMessage(message);
  assert.ok(!(made instanceof Promise));
  const { content, envelope, dsn, smtpUtf8, requireTls }: PreparedMessage = made;
  const target = Buffer.alloc(content.size ?? 0);
  content.put?.(target, 0);
  return {
    envelope,
    dsn,
    smtpUtf8,
    requireTls,
    octets: target.toString("latin1").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "random"),
  };
}

test("no name that a message may have is read from Object.prototype", () => {
  const sources = globSync("packages/mailer/src/message/*.ts").filter((file) => !file.endsWith(".test.ts"));
  const found = sources.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\b(?:readonly )?(\w+)\??:/g)]);
  const names = [...new Set(found.map(([, name = ""]) => name))];
  for (const name of ["bcc", "envelope", "message", "attachments", "name", "path", "disposition", "notify", "parts"])
    assert.ok(names.includes(name), name);
  const expected = messages.map(prepared);
  for (const name of names) {
    // JavaScript itself reads these from every iterator and property descriptor.
    if (["return", "get", "set", "value", "writable", "enumerable", "configurable"].includes(name)) continue;
    for (const value of values) {
      Reflect.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
      try {
        assert.deepEqual(messages.map(prepared), expected, name);
      } finally {
        Reflect.deleteProperty(Object.prototype, name);
      }
    }
  }
});
