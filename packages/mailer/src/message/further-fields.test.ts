/** Header fields that a caller adds: each kind is written as its RFC has it, and what cannot be written is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComposedMessage, HeadersInput } from "./input.ts";
import type { PreparedMessage } from "./envelope.ts";
import { prepareMessage } from "./prepare.ts";

const base: ComposedMessage = { from: "a@example.org", to: "b@example.org", text: "x" };

function prepared(headers: HeadersInput): PreparedMessage {
  const made = prepareMessage({ ...base, headers });
  assert.ok(!(made instanceof Promise));
  return made;
}

async function written(headers: HeadersInput): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of prepared(headers).content.open({ eightBit: true })) pieces.push(Uint8Array.from(piece));
  const [, fields = ""] = /\r\nMessage-ID: [^\r]*\r\n([^]*)MIME-Version/.exec(Buffer.concat(pieces).toString()) ?? [];
  return fields;
}

function refused(headers: unknown, expected: { code?: string; field?: string; message?: RegExp }): void {
  // @ts-expect-error a caller without types may give it
  assert.throws(() => prepareMessage({ ...base, headers }), expected);
}

test("a field with addresses takes them, and only the name is encoded", async () => {
  const zoe = "Zoë <z@example.com>";
  const encoded = "=?UTF-8?Q?Zo=C3=AB?= <z@example.com>";
  for (const name of ["Disposition-Notification-To", "Return-Receipt-To", "Errors-To", "mail-followup-to"]) {
    assert.equal(await written({ [name]: zoe }), `${name}: ${encoded}\r\n`);
    assert.equal(await written({ [name]: { name: "Zoë", address: "z@example.com" } }), `${name}: ${encoded}\r\n`);
  }
  assert.equal(await written({ "Errors-To": [zoe, "y@example.com"] }), `Errors-To: ${encoded}, y@example.com\r\n`);
});

test("a field with addresses refuses what from and to refuse", () => {
  refused({ "Errors-To": "a@b.example, c@d.example" }, { code: "MAIL_INPUT_ADDRESS", field: "headers.Errors-To" });
  refused({ "Errors-To": ["a@b.example", "c"] }, { code: "MAIL_INPUT_ADDRESS", field: "headers.Errors-To[1]" });
  refused({ "Errors-To": [] }, { code: "MAIL_INPUT_HEADER", field: "headers.Errors-To" });
  refused({ "Errors-To": "a@b.example\r\nBcc: c@d.example" }, { code: "MAIL_INPUT_ADDRESS" });
});

test("a local part that is not ASCII in an added field makes the header UTF-8", async () => {
  const message = prepared({ "Errors-To": "ü@example.com" });
  assert.deepEqual([message.smtpUtf8, message.content.eightBit], [true, true]);
  assert.equal(await written({ "Errors-To": "ü@example.com" }), "Errors-To: ü@example.com\r\n");
});

test("a field with a format of its own refuses what is not ASCII, and says how to give it", () => {
  for (const name of ["Auto-Submitted", "X-SMTPAPI", "Content-Language", "DKIM-Signature"])
    refused({ [name]: "ü" }, { code: "MAIL_INPUT_HEADER", field: `headers.${name}`, message: /\{ ready: … \}/ });
});

test("free text that is not ASCII is encoded", async () => {
  assert.equal(await written({ "X-Town": "Köln" }), "X-Town: =?UTF-8?B?S8O2bG4=?=\r\n");
});

test("a value that is ready is folded and not encoded again", async () => {
  const ready = "=?UTF-8?Q?Zo=C3=AB?= <z@example.com>";
  assert.equal(
    await written({ "Disposition-Notification-To": { ready } }),
    `Disposition-Notification-To: ${ready}\r\n`,
  );
  assert.equal(await written([{ name: "X-A", value: { ready } }]), `X-A: ${ready}\r\n`);
  const long = Array.from({ length: 9 }, () => ready).join(", ");
  const folded = await written({ "X-A": { ready: long } });
  assert.equal(folded.replaceAll(/\r\n(?=[ \t])/g, ""), `X-A: ${long}\r\n`);
  assert.ok(folded.split("\r\n").every((line) => line.length <= 76));
});

test("a value that is ready is judged as any other", () => {
  for (const ready of ["a\r\nBcc: c@d.example", "a\r\n b", "a\nb", "a\0", "ü", 5, "x".repeat(999)])
    refused({ "X-A": { ready } }, { code: "MAIL_INPUT_HEADER", field: "headers.X-A.ready" });
  refused({ "X-A": { ready: "x", readily: "y" } }, { field: "headers.X-A.readily" });
});

test("ASCII is written as it was given, folded at white space: two spaces, tabs and long words too", async () => {
  const json = `{"to":["a@example.org"],  "sub":{"-name-":["Zoe"]},\t"key":"${"k".repeat(450)}"}`;
  const autocrypt = `addr=a@example.org; keydata=${Array.from({ length: 20 }, () => "m".repeat(76)).join(" ")}`;
  const values = {
    "X-SMTPAPI": json,
    Autocrypt: autocrypt,
    "X-Data": `a  b ${"c".repeat(500)}`,
    "X-Word": "w".repeat(980),
  };
  for (const [name, value] of Object.entries(values)) {
    const field = await written({ [name]: value });
    assert.equal(field.replaceAll(/\r\n(?=[ \t])/g, ""), `${name}: ${value}\r\n`);
    const lines = field.split("\r\n").slice(0, -1);
    assert.ok(lines.every((line) => line.length <= 998 && /[^ \t]/.test(line)));
    assert.ok(lines.every((line) => line.length <= 76 || !/[ \t][^ \t]+[ \t]/.test(line)));
  }
});

test("white space at the end of a value never fills a line of its own", async () => {
  const field = await written({
    "X-Priority": `1${" ".repeat(90)}`,
    "X-SMTPAPI": `${"a ".repeat(50)}${" ".repeat(90)}`,
  });
  assert.ok(
    field
      .split("\r\n")
      .slice(0, -1)
      .every((line) => /[^ \t]/.test(line)),
  );
});

test("a word that no line can hold is refused", () => {
  refused({ "X-A": "x".repeat(998) }, { code: "MAIL_INPUT_HEADER", field: "headers.X-A", message: /998/ });
});

test("a message with a header word over 510 octets goes by DATA", () => {
  assert.equal(prepared({ "X-A": "x".repeat(500) }).content.commandFree, true);
  assert.equal(prepared({ "X-A": "x".repeat(511) }).content.commandFree, false);
});

test("a word that folding puts at the start of a line is not a command in a chunk", () => {
  assert.equal(prepared({ "X-A": `${"x".repeat(70)} RCPT TO:<e@e>` }).content.commandFree, false);
});

test("a record, a Map, the Headers of fetch and pairs say the same", async () => {
  const fields = "x-a: 1\r\nx-b: 2\r\n";
  const pairs = [
    ["x-a", "1"],
    ["x-b", "2"],
  ] as const;
  const forms: readonly HeadersInput[] = [
    { "x-a": "1", "x-b": "2" },
    new Map(pairs),
    new Headers({ "X-B": "2", "X-A": "1" }),
    pairs,
    [pairs[0], { name: "x-b", value: "2" }],
    new Set(pairs),
  ];
  for (const form of forms) assert.equal(await written(form), fields);
});

test("a field that is there twice is listed twice", async () => {
  const twice = await written([
    ["X-A", "1"],
    ["X-A", "2"],
  ]);
  assert.equal(twice, "X-A: 1\r\nX-A: 2\r\n");
});

test("nothing that stands in headers is ignored", () => {
  for (const headers of ["X-A: 1", 5, true, () => {}, null]) refused(headers, { field: "headers" });
  for (const pair of [["X-A"], ["X-A", "1", "2"], [1, "x"], ["X-A", undefined]])
    refused([pair], { field: typeof pair[0] === "string" && pair.length === 2 ? "headers[0][1]" : "headers[0]" });
  for (const value of [5, null, undefined, ["1", "2"], { text: "x" }])
    refused({ "X-A": value }, { field: "headers.X-A" });
  refused(new Map([["X-A", 5]]), { field: "headers.X-A" });
  refused([5], { field: "headers[0]" });
});

test("Resent fields are refused, with the reason", () => {
  refused({ "Resent-From": "a@b.example" }, { code: "MAIL_INPUT_HEADER", message: /3\.6\.6/ });
});

test("Content-Language may be set, and no other Content field", async () => {
  assert.equal(await written({ "Content-Language": "de, en" }), "Content-Language: de, en\r\n");
  for (const name of ["Content-Language-X", "Content-Type", "content-id"])
    refused({ [name]: "x" }, { field: "headers" });
});
