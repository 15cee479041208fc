import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../../command-error.ts";
import { formatSource, parseSource } from "../source.ts";
import { mend } from "./mend.ts";

const mended = (text: string | Uint8Array): string =>
  Buffer.from(formatSource(mend(parseSource(Buffer.from(text), false)))).toString();
const unchanged = (text: string): void => assert.equal(mended(text), text.replaceAll("\n", "\r\n"));
const refused = (text: string | Uint8Array, message: RegExp): void =>
  assert.throws(
    () => mended(text),
    (error) => error instanceof CommandError && error.code === "CLI_INPUT" && message.test(error.message),
  );

const LONG = "x".repeat(1200);

test("a message that every server takes is not changed", () => {
  unchanged("From: a@x.test\nSubject: [host]  two spaces\n\tfolded\nX-A: =?UTF-8?Q?=C3=BC?=\n\nGrüße\n\n.\n");
  unchanged(`Subject: ${"word ".repeat(190)}end\n\n${"y".repeat(998)}\n`);
});

test("in the body a stray CR becomes a space, and CRCRLF a line end", () => {
  assert.equal(mended("A: b\n\n10%\r20%\rdone\r\nx\r\r\ny\r\r\r\n"), "A: b\r\n\r\n10% 20% done\r\nx\r\ny\r\n");
  assert.equal(mended("A: b\n\none\r.\r\ntwo\r"), "A: b\r\n\r\none .\r\ntwo\r\n");
  const parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\ry\n--b--\n";
  assert.match(mended(parts), /\r\n\r\nx y\r\n--b--\r\n$/);
});

test("a stray CR in the header is refused, whatever is after it", () => {
  for (const header of ["Subject: x\rBcc: victim@x.test", "Subject: x\r\r\n y", "To: a@x.test,\r b@x.test", "A: b\r\r"])
    refused(`${header}\n\nx\n`, /the header field (?:Subject|To|A) has a CR without LF.*Nothing was sent/);
});

test("a stray CR in octets that are no text is refused", () => {
  refused("Content-Type: application/pdf\n\na\rb\n", /it is not text/);
  refused("Content-Transfer-Encoding: binary\n\na\rb\n", /it is not text/);
  refused(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: binary\n\na\rb\n--b--\n",
    /it is not text/,
  );
});

test("a single text with a line over 998 octets or a NUL becomes quoted-printable", () => {
  const [header = "", body = ""] = mended(`Subject: x\n\n${LONG}=\nend \n`).split("\r\n\r\n");
  assert.equal(
    header,
    "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: quoted-printable",
  );
  assert.equal(body.replaceAll("=\r\n", ""), `${LONG}=3D\r\nend=20\r\n`);
  assert.ok(body.split("\r\n").every((line) => line.length <= 76));
  assert.match(mended("A: b\n\na\0b\n"), /\r\n\r\na=00b\r\n$/);
});

test("the charset of a text without a type is looked at, and a type that is given stays", () => {
  assert.match(mended(`A: b\n\nü${LONG}\n`), /^Content-Type: text\/plain; charset=utf-8\r$/m);
  assert.match(mended(Buffer.from(`A: b\n\n\u00fc${LONG}\n`, "latin1")), /charset=unknown-8bit\r$/m);
  const html = "MIME-Version: 1.0\nContent-Type: text/html;\n charset=x\ncontent-transfer-encoding: 8BIT\n";
  const [header] = mended(`${html}\n<p>${LONG}\n`).split("\r\n\r\n");
  assert.equal(
    header,
    "MIME-Version: 1.0\r\nContent-Type: text/html;\r\n charset=x\r\nContent-Transfer-Encoding: quoted-printable",
  );
});

test("a line over 998 octets in anything but a single text is refused", () => {
  refused(
    `Content-Type: multipart/mixed; boundary=b\n\n--b\n\n${LONG}\n--b--\n`,
    /more than 998 octets.*no single text/,
  );
  refused(`Content-Transfer-Encoding: base64\n\n${LONG}\n`, /no single text without an encoding/);
  refused(`Content-Type: application/json\n\n${LONG}\n`, /no single text/);
  refused(`Content-Type: text/plain\nContent-Type: text/html\n\n${LONG}\n`, /no single text/);
});

test("a header line over 998 octets is folded at white space, so that it reads the same", () => {
  const value = `${"word ".repeat(300)}end`;
  const text = mended(`Subject: ${value}\n\nx\n`);
  assert.equal(text.replaceAll("\r\n ", " "), `Subject: ${value}\r\n\r\nx\r\n`);
  assert.ok(text.split("\r\n").every((line) => line.length <= 78));
  // Not a line of white space alone, which would end the header for some programs.
  assert.doesNotMatch(mended(`X-A: a ${"b".repeat(895)}${" ".repeat(100)}\n\nx\n`), /^[ \t]*\r\n[ \t]*\r\n[ \t]/m);
  assert.match(mended(`X-A: ${"b".repeat(995)}\n\nx\n`), /^X-A:\r\n b{995}\r\n\r\n/);
  refused(`X-A: ${LONG}\n\nx\n`, /the header field X-A has a line of more than 998 octets, and no space/);
});

test("a long list of addresses without spaces is folded after its commas", () => {
  const list = Array.from({ length: 60 }, (_, index) => `"Doe, ${index}" <user${index}@example.test>`);
  const text = mended(`To: ${list.join(",")}\n\nx\n`);
  assert.equal(text.replaceAll("\r\n ", " "), `To: ${list.join(", ")}\r\n\r\nx\r\n`);
  assert.ok(text.split("\r\n").every((line) => line.length <= 998));
});

test("UTF-8 in free text becomes encoded words, and ASCII words stay", () => {
  const word = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
  assert.equal(
    mended("Subject: [host] Größe über alles: 100%\nX-Überlänge: x\n\n"),
    `Subject: [host] ${word("Größe über")} alles: 100%\r\n\r\nX-Überlänge: x\r\n\r\n`,
  );
  // The space between two encoded words would be dropped.
  assert.equal(mended(`Subject: ${word("é")} à b\n\n`), `Subject: ${word("é")} ${word(" à")} b\r\n\r\n`);
  assert.equal(mended(`Subject: à\n ${word("é")}\n\n`), `Subject: ${word("à ")}\r\n ${word("é")}\r\n\r\n`);
  for (const line of mended(`Subject: ${"Größe ".repeat(100)}\n\n`).split("\r\n")) assert.ok(line.length <= 76, line);
});

test("UTF-8 in names and comments becomes encoded words, never in an address or a parameter", () => {
  const word = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
  const list = 'Jörg Doe <a@x.test>, "Müller, J." <b@x.test> (Zoë (x)), c@x.test (Zoë), Grüße: d@x.test;';
  assert.equal(
    mended(`To: ${list}\n\n`).replaceAll("\r\n ", " "),
    `To: ${word("Jörg")} Doe <a@x.test>, ${word("Müller, J.")} <b@x.test> (${word("Zoë (x)")}), c@x.test (${word("Zoë")}), ${word("Grüße")}: d@x.test;\r\n\r\n`,
  );
  unchanged("From: größe@x.test, <b@größe.test>\n\n");
  unchanged('Content-Type: text/plain; name="Größe.txt"\n\n');
  unchanged("References: <größe@x.test>\n\n");
  unchanged("To: größe <a@x.test\n\n");
});

test("a list that would name others once it is mended stays", () => {
  unchanged('To: @[1:2]"ü, "<c@z.test>\n\n');
});

test("octets that are not UTF-8 stay: nobody knows which letters they are", () => {
  const given = Buffer.from("Subject: Gr\u00f6\u00dfe\n\n", "latin1");
  assert.deepEqual(
    Buffer.from(formatSource(mend(parseSource(given, false)))),
    Buffer.from("Subject: Gr\u00f6\u00dfe\r\n\r\n", "latin1"),
  );
});

const SIGNED: Readonly<Record<string, string>> = {
  "DKIM-Signature": "DKIM-Signature: v=1\n\n",
  "DomainKey-Signature": "domainkey-signature: a=rsa\n\n",
  "ARC-Seal": "ARC-Seal: i=1\n\n",
  "ARC-Authentication-Results": "ARC-Authentication-Results: i=1\n\n",
  "multipart/signed": "Content-Type:\n multipart/ signed; boundary=b\n\n",
  "multipart/encrypted": 'Content-Type: Multipart/Encrypted; protocol="application/pgp-encrypted"\n\n',
  "application/pkcs7-mime": "Content-Type: application/x-pkcs7-mime\n\n",
  "clear-signed PGP": "A: b\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n",
  "a signed part": "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type:\n multipart/signed; boundary=c\n\n",
  "a forwarded message with DKIM": "Content-Type: message/rfc822\n\nDKIM-Signature: v=1\n\n",
};
for (const [what, beginning] of Object.entries(SIGNED)) {
  test(`a message with ${what} goes as it is, or not at all`, () => {
    unchanged(`Subject: Größe\n${beginning}Grüße\n`);
    for (const body of ["10%\r20%\n", "a\r\r\n", `${LONG}\n`, "\0\n"])
      refused(`${beginning}${body}`, /it is signed or encrypted \(.*\): to mend it would break that/);
    refused(`X-A: ${"word ".repeat(300)}\n${beginning}x\n`, /a header line of more than 998 octets/);
  });
}
