/**
 * A ready-made message arrives octet for octet, by BDAT and by DATA: dots, long lines and eight-bit text included. A
 * signature over it stays valid, and nothing in it ends the message early (SMTP smuggling, CVE-2023-51764 and its kin).
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, suite, test } from "node:test";
import type { ReadyMessage, SealedSession } from "@postseal/mailer";
import { sessionWith } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

const bodies: Readonly<Record<string, string>> = {
  "lines that begin with dots": ".\r\n..\r\n...\r\n.a\r\n..b\r\n a.\r\n",
  "dots to the last line": "text\r\n.\r\n.\r\n.\r\n",
  "a dot first and no line end last": ".first\r\nlast",
  "only LF as line end": ".\nline\n..\n\n.\n",
  "empty lines at its end": "text\r\n\r\n\r\n\r\n",
  nothing: "",
  "lines of 998 octets": longest(998),
  "a second message after a dot": smuggled("\r\n"),
  "a second message after a dot, by LF": smuggled("\n"),
  "eight-bit text": "Grüße, 寿司\r\n.\r\nÿ\r\n",
  "lines that look like an mbox": "From mallory@example.test Thu Jan  1 00:00:00 2026\r\n>From here\r\n",
  "more than goes ahead of its envelope": "a line\r\n.\r\n".repeat(9000),
};

for (const [name, { start, chunking }] of mailServers) {
  suite(name, () => {
    let server: Server;
    let session: SealedSession;
    before(async () => {
      server = await start({ authority });
      session = await sessionWith(server, authority);
    });
    after(async () => {
      await session.close();
      await server[Symbol.asyncDispose]();
    });

    if (name.startsWith("Postfix"))
      test("what the tests call BDAT and DATA is what the server hears", async () => {
        const both = await sessionWith(server, authority);
        const { octets } = signed("framing@example.test", "text\r\n", tidy);
        await both.send({ ...envelope, message: octets });
        await both.send({ ...envelope, message: dripped(octets) });
        await both.close();
        await poll(
          async () => / mail=2 rcpt=2 data=1 bdat=1 /.test(server.log()) || undefined,
          () => server.log(),
        );
      });

    for (const by of chunking ? (["BDAT", "DATA"] as const) : (["DATA"] as const)) {
      for (const [what, body] of Object.entries(bodies)) {
        // Haraka breaks lines of more than 990 octets, stuffed dots included; RFC 5321 section 4.5.3.1.6 allows 998 without them.
        const sent = name === "Haraka" && body === longest(998) ? longest(989) : body;
        test(`by ${by}: ${what}`, async () => {
          const key = `${by}-${what.replaceAll(/\W/g, "-")}@example.test`;
          const { octets, hash } = signed(key, sent, name === "aiosmtpd" ? tidy : odd);
          await session.send({ ...envelope, message: by === "BDAT" ? octets : dripped(octets) });
          const delivered = untraced(await deliveredWith(server, key));
          assert.equal(delivered.toString("latin1"), withCrlf(octets).toString("latin1"));
          assert.equal(bodyHash(delivered), hash);
        });
      }
    }
  });
}

function longest(length: number): string {
  return `${"x".repeat(length)}\r\n.${"y".repeat(length - 1)}\r\n${".".repeat(length)}\r\n`;
}

const envelope: Pick<ReadyMessage, "envelope"> = { envelope: { from: "alice@example.test", to: "bob@example.test" } };

function smuggled(lineEnd: string): string {
  return [
    "text",
    ".",
    "MAIL FROM:<mallory@example.test>",
    "RCPT TO:<bob@example.test>",
    "DATA",
    "Subject: evil",
    "",
    "x",
    ".",
    "",
  ].join(lineEnd);
}

const tidy = ["From: Alice   <alice@example.test>", "SUBJECT: odd   spacing", "\t folded"];
/** Fields that aiosmtpd would tidy, because it writes a Maildir through Python's parser. */
const odd = ["From:  Alice   <alice@example.test>", "SUBJECT:odd   spacing ", "\t folded"];

/** Has a body hash like DKIM's, and header fields that a helpful server might rewrite. */
function signed(
  key: string,
  body: string,
  fields: readonly string[],
): { readonly octets: Buffer; readonly hash: string } {
  const hash = bodyHash(withCrlf(Buffer.from(`\n\n${body}`)));
  const header = [
    "MIME-Version: 1.0",
    `DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.test; s=test;`,
    `\th=from:to:subject; bh=${hash};`,
    "\tb=AAAA",
    ...fields,
    "To: undisclosed-recipients:;",
    `Message-ID: <${key}>`,
    "Date: Thu, 1 Jan 2026 00:00:00 -0000",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ];
  const lineEnd = body.includes("\r\n") || !body.includes("\n") ? "\r\n" : "\n";
  return { octets: Buffer.from([...header, "", body].join(lineEnd)), hash };
}

/** Seven octets at a time, so that dots and line ends fall on the edges of chunks. */
function dripped(octets: Buffer): () => AsyncGenerator<Uint8Array> {
  const step = octets.length > 10_000 ? 4099 : 7;
  return async function* () {
    for (let at = 0; at < octets.length; at += step) yield octets.subarray(at, at + step);
  };
}

/** RFC 6376 section 3.4.3: "simple" ignores empty lines at the end, and adds a missing line end. */
function bodyHash(message: Buffer): string {
  const text = message.toString("latin1");
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  return createHash("sha256")
    .update(`${body.replace(/(?:\r\n)*$/, "")}\r\n`, "latin1")
    .digest("base64");
}

function withCrlf(octets: Buffer): Buffer {
  const text = octets.toString("latin1").replaceAll(/\r?\n/g, "\r\n");
  return Buffer.from(text.endsWith("\r\n") ? text : `${text}\r\n`, "latin1");
}

/** Removes the fields that a server adds, and restores CRLF, since a Maildir has LF. */
function untraced(delivered: Buffer): Buffer {
  const text = withCrlf(delivered).toString("latin1");
  const end = text.indexOf("\r\n\r\n") + 2;
  const trace =
    /^(?:Return-Path|Delivered-To|X-Original-To|Envelope-To|Delivery-Date|Received|Authentication-Results|X-Peer|X-MailFrom|X-RcptTo):.*\r\n(?:[ \t].*\r\n)*/gim;
  return Buffer.from(`${text.slice(0, end).replaceAll(trace, "")}${text.slice(end)}`, "latin1");
}
