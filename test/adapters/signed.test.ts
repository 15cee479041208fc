/** What Nodemailer signed or attached is not changed on its way. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { sealed } from "@postseal/mailer/nodemailer";
import nodemailer, { type SendMailOptions } from "nodemailer";
import PostalMime from "postal-mime";
import { verifyDkim } from "./dkim.ts";
import { delivered, message, options, serve, urlOf } from "./stand.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const dkim = {
  domainName: "sender.example.test",
  keySelector: "heron",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
};

async function send(mail: SendMailOptions): Promise<string> {
  await using server = await serve();
  const transport = sealed(urlOf(server), options);
  // Nodemailer reads `dkim` from its own transport's options; with ours it reads the defaults, the second argument.
  await nodemailer.createTransport(transport, { dkim }).sendMail({ ...message, ...mail });
  const { body } = await delivered(server, { [Symbol.asyncDispose]: () => transport.close() });
  return body;
}

const mails: Readonly<Record<string, SendMailOptions>> = {
  "a plain text with LF line ends": { text: "one\n\n.two \n\tthree  four\n\n\n" },
  "alternatives and an attachment": {
    html: "<p>ö</p>\n<p>two</p>",
    attachments: [{ filename: "a.bin", content: Buffer.alloc(5000, 3) }],
  },
  "a long message that is streamed": { attachments: [{ filename: "a.bin", content: Buffer.alloc(1_500_000, 3) }] },
};
for (const [what, mail] of Object.entries(mails)) {
  test(`a signature over ${what} verifies after delivery`, async () => {
    const body = await send(mail);
    assert.equal(verifyDkim(body, publicKey), "pass");
    assert.equal(verifyDkim(`${body}more\r\n`, publicKey), "body changed");
    assert.equal(verifyDkim(body.replace("at dusk", "at dawn"), publicKey), "header changed");
  });
}

test("an invitation arrives unchanged, as the part that calendars read and as a file", async () => {
  const content = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Example//EN",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    "UID:heron@example.test",
    "DTSTAMP:20260101T000000Z",
    "DTSTART:20260102T180000Z",
    "SUMMARY:Dämmerung am Moor",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  const parsed = await PostalMime.parse(
    Buffer.from(await send({ icalEvent: { method: "REQUEST", filename: "invite.ics", content } }), "latin1"),
  );
  const parts = parsed.attachments.map(({ mimeType, method, content: octets }) => {
    const text = typeof octets === "string" ? octets : Buffer.from(new Uint8Array(octets)).toString();
    return { mimeType, method, text: text.replaceAll(/\r?\n/g, "\r\n") };
  });
  assert.deepEqual(
    parts.find(({ mimeType }) => mimeType === "text/calendar"),
    {
      mimeType: "text/calendar",
      method: "REQUEST",
      text: content,
    },
  );
  assert.equal(parts.find(({ mimeType }) => mimeType === "application/ics")?.text, content);
});
