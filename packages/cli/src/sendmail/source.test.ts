import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSource, parseSource } from "./source.ts";

const parse = (text: string, dotEnds = true): ReturnType<typeof parseSource> => parseSource(Buffer.from(text), dotEnds);
const written = (text: string, dotEnds = true): string => Buffer.from(formatSource(parse(text, dotEnds))).toString();

test("both LF and CRLF end a line, even mixed, and a CR elsewhere stays for the library to refuse", () => {
  const message = "From: a\r\nTo: b\r\n\r\none\r\ntwo\r\n";
  assert.equal(written("From: a\nTo: b\n\none\ntwo\n"), message);
  assert.equal(written("From: a\r\nTo: b\r\n\r\none\ntwo"), message);
  assert.equal(written("From: a\n\n1\r2\n3\r\r\n"), "From: a\r\n\r\n1\r2\r\n3\r\r\n");
});

test("a lone dot ends the message, unless -i is given", () => {
  assert.equal(parse("A: b\n\none\n.\ntwo\n").body, "one\r\n");
  assert.equal(parse("A: b\n\none\r\n.\r\ntwo\n").body, "one\r\n");
  assert.equal(parse("A: b\n\none\n.\ntwo\n", false).body, "one\r\n.\r\ntwo\r\n");
  assert.equal(parse("A: b\n\n..\n. \n").body, "..\r\n. \r\n");
});

test("a line that is not a field begins the body", () => {
  assert.deepEqual(parse("Disk full\nand more\n"), { fields: [], body: "Disk full\r\nand more\r\n", oddLine: 1 });
  assert.deepEqual(parse("Subject: x\nDisk full: yes\n"), {
    fields: [{ name: "Subject", value: " x" }],
    body: "Disk full: yes\r\n",
    oddLine: 2,
  });
  assert.deepEqual(parse(""), { fields: [], body: "", oddLine: undefined });
});

test("an empty line, the end of the input or a lone dot ends the header", () => {
  for (const text of ["A: b", "A: b\n", "A: b\n\nx\n", "A: b\n c\n.\nx\n", "\nx\n", "A: b\r\n\r\n"])
    assert.equal(parse(text).oddLine, undefined, text);
  for (const text of ["A: b\nx\n", "A: b\n\u00a0:\n", "From a b\nA: b\nx\nBcc: c\n", " A: b\n"])
    assert.notEqual(parse(text).oddLine, undefined, text);
});

test("fields keep every octet, with their continuation lines, and the From line of a mailbox file is dropped", () => {
  const latin = Buffer.from([0x41, 0x3a, 0xe9, 0x0a, 0x09, 0xff, 0x0a, 0x0a, 0xfe, 0x0a]);
  assert.deepEqual(
    Buffer.from(formatSource(parseSource(latin, true))),
    Buffer.from([0x41, 0x3a, 0xe9, 0x0d, 0x0a, 0x09, 0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0xfe, 0x0d, 0x0a]),
  );
  assert.equal(written("From alice Tue Nov 24 10:00:00 2026\nTo: b\n\nx\n"), "To: b\r\n\r\nx\r\n");
});
