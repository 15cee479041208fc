import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { encodeBase64, encodeBase64Stream, base64Size } from "./base64.ts";
import { hasCommandLike, holdsCommandLike, isCommandLike } from "./command-like.ts";
import { once } from "./content.ts";
import { encodeQuotedPrintable } from "./quoted-printable.ts";
import { judgeLine } from "./text-judge.ts";

const like = [
  "RCPT",
  "RCPT TO:<a@b>",
  "data",
  "DATA ",
  "dAtA: x",
  "BDAT 5 LAST",
  "BURL imap:x",
  "DATA\u00e9",
  "data=",
  "MAIL FROM:<a@b>",
  "mailfrom",
  "MAIL \t 12 <> FROM:<a@b>",
  "SEND FROM:<a@b>",
  "SOML FROM",
  "saml from.",
  `MAIL${" ".repeat(400)}FROM:<a@b>`,
  " DATA",
  "\t \u00a0DATA",
  "\u00ef\u00bb\u00bfDATA",
  "\u0001DATA",
];
const unlike = [
  "",
  " ",
  "D",
  "DAT",
  "RSET",
  "QUIT",
  "database",
  "DATA1",
  "mail",
  "MAIL TO:<a@b>",
  "Mail me from there",
  "Sending from",
  "send fromage",
  "mailFROM1",
  "(DATA)",
  "> MAIL FROM:<a@b>",
  "RCP T",
];

test("a line is command-like if it begins with the words of a transaction, and no letter or digit follows", () => {
  for (const line of like) assert.ok(isCommandLike(line, 0, line.length), line);
  for (const line of unlike) assert.ok(!isCommandLike(line, 0, line.length), line);
});

test("what comes before the line or after it does not matter", () => {
  for (const line of like) assert.ok(isCommandLike(`x\r\n${line}\r\nx`, 3, 3 + line.length), line);
  for (const line of unlike) assert.ok(!isCommandLike(`x\r\n${line}\r\nDATA`, 3, 3 + line.length), line);
});

test("a line of 511 octets is command-like, whatever it holds, and one of 510 is not", () => {
  const whole = (line: string): boolean => isCommandLike(line, 0, line.length);
  const text = (line: string): boolean => hasCommandLike(line, true);
  for (const judge of [whole, holdsCommandLike, text]) {
    assert.ok(judge("x".repeat(511)));
    assert.ok(!judge("x".repeat(510)));
  }
  assert.ok(!text(`${"x".repeat(510)}\r\n`.repeat(3)));
});

for (const end of [
  "\v",
  "\f",
  "\u001c",
  "\u001d",
  "\u001e",
  "\u0085",
  "\u00c2\u0085",
  "\u00e2\u0080\u00a8",
  "\u00e2\u0080\u00a9",
]) {
  test(`a line begins after ${JSON.stringify(end)} too`, () => {
    for (const line of like) assert.ok(holdsCommandLike(`x${end}${line}`), line);
    for (const line of unlike) assert.ok(!holdsCommandLike(`x${end}${line}`), line);
    assert.ok(hasCommandLike(`a\r\nx${end}y${end}DATA\r\nb\r\n`, false));
    assert.throws(() => judgeLine(`x${end}y`, "subject", "MAIL_INPUT_HEADER"), { code: "MAIL_INPUT_HEADER" });
    assert.ok(holdsCommandLike(`MAIL${end}FROM:<a@b>`), "for a program that sees no line end there");
  });
}

test("quoted-printable escapes the first letter of a possible command on each line that it writes", () => {
  const encoded = (text: string): string => encodeQuotedPrintable(Buffer.from(text));
  assert.equal(encoded("DATA"), "=44ATA");
  assert.equal(encoded(" \trcpt to\r\n\r\nData"), " \t=72cpt to\r\n\r\n=44ata");
  assert.equal(encoded("mail, from\r\nmail"), "=6Dail, from\r\nmail");
  // A soft line break begins a line too, and may cut a word.
  assert.equal(encoded(`${"x".repeat(75)}DATA`), `${"x".repeat(75)}=\r\n=44ATA`);
  for (let blanks = 0; blanks < 80; blanks += 1) {
    for (const line of encoded(`${" ".repeat(blanks)}DATABASE${"x".repeat(80)}`).split("\r\n"))
      assert.ok(!isCommandLike(line, 0, line.length) && line.length <= 76, line);
  }
});

for (const word of ["RCPT", "data", "Bdat", "BURL", "MAIL", "SEND", "SOML", "saml"]) {
  test(`no line of base64 begins with ${word}, and the size does not depend on the content`, async () => {
    for (let before = 0; before <= 72; before += 4) {
      for (const rest of ["", "+FROM///", "/".repeat(68), word.repeat(60), `${"A".repeat(68)}${word}`]) {
        const octets = Buffer.from(`${"QUJD".repeat(before / 4)}${word}${rest}`, "base64");
        const written = encodeBase64(octets);
        assert.equal(written.length, base64Size(octets.length));
        const chunks = [];
        for await (const chunk of encodeBase64Stream(once(octets))) chunks.push(Buffer.from(chunk));
        assert.deepEqual(Buffer.concat(chunks), Buffer.from(written));
        const text = Buffer.from(written).toString("latin1");
        assert.deepEqual(Buffer.from(text, "base64"), octets);
        for (const line of text.split("\r\n")) {
          assert.ok(!line.toUpperCase().startsWith(word.toUpperCase()) && line.length <= 76, text);
        }
      }
    }
  });
}
