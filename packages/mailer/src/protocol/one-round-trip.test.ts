/**
 * Messages such as people and programs write go in one round trip, although no line of a chunk may look like a command:
 * 200 composed ones, whatever is in them, and the ready-made ones that have no such line.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import nodemailer from "nodemailer";
import PostalMime from "postal-mime";
import type { PreparedMessage } from "../message/envelope.ts";
import { prepareMessage } from "../message/prepare.ts";
import { offer } from "./conversation.test.ts";
import { planOf } from "./plan.ts";

const offered = offer("PIPELINING", "CHUNKING", "SIZE 10000000", "8BITMIME", "SMTPUTF8");

function takesOneRoundTrip(message: PreparedMessage): boolean {
  const { ahead, body } = planOf({ message, offered, peer: "mx.example", resetFirst: false });
  return ahead === "body" && body.framing === "bdat";
}

/** Gives the same numbers for the same seed (Numerical Recipes' generator). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  several<T>(least: number, most: number, make: () => T): readonly T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}

const who = [
  "The harbour office",
  "Our neighbour",
  "The night shift",
  "Ada",
  "A courier",
  "The archive",
  "Nobody here",
] as const;
const does = ["sends", "has lost", "asks for", "keeps", "will count", "forgot", "repairs", "found"] as const;
const what = [
  "the tide tables",
  "a box of lamps",
  "all the data of last week",
  "mail from three towns",
  "the keys to the shed",
  "two invoices, one of them twice",
  "a map with no north",
  "what was left of the bread",
] as const;
const when = [
  "on Monday",
  "before noon",
  "if it rains",
  "once more",
  "at 5 o'clock",
  "without a word",
  "from now on",
] as const;
const sentence = (dice: Dice): string => `${dice.of(who)} ${dice.of(does)} ${dice.of(what)} ${dice.of(when)}.`;
const paragraph = (dice: Dice): string =>
  wrapped(dice.several(2, 6, () => sentence(dice)).join(" "), 60 + dice.below(20));

function wrapped(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

const openings = [
  "data",
  "Data",
  "DATA",
  "data:",
  "Data from the last run is attached.",
  "data, as promised",
  "DATA;1;2;3",
  "mail from the bank arrived",
  "Mail, from Ada",
  "MAIL FROM THE KING",
  "mail from: nobody",
  "Send from your own account, please",
  "send 5, from the second shelf",
  "SEND FROM: shelf 2",
  "  data with blanks before it",
  "\tdata with a tab before it",
] as const;
const opened = (dice: Dice): string =>
  dice
    .several(2, 5, () => `${paragraph(dice)}\n${dice.of(openings)}\n${dice.of(["", "\n"])}${sentence(dice)}`)
    .join("\n\n");

function smtpSession(dice: Dice): string {
  const host = dice.of(["mx.example", "mail.x.example", "[192.0.2.1]"]);
  const blank = dice.of(["", "", "  ", "\t", "> "]);
  const prompt = dice.of(["", "", "C: "]);
  const commands = [
    `${dice.of(["EHLO", "HELO", "ehlo"])} ${host}`,
    `${dice.of(["MAIL FROM", "mail from", "Mail From"])}:<${dice.of(["", "ada@x.example", "root"])}>`,
    ...dice.several(1, 4, () => `${dice.of(["RCPT TO", "rcpt to"])}:<r${dice.below(99)}@y.example>`),
    dice.of(["DATA", "data", "BDAT 86 LAST", "BDAT 0 LAST"]),
    "Subject: a test",
    "",
    sentence(dice),
    ".",
    dice.of(["QUIT", "RSET", "quit"]),
  ];
  return `${paragraph(dice)}\n\n${commands.map((line) => `${blank}${prompt}${line}`).join("\n")}\n`;
}

function htmlPage(dice: Dice): string {
  const rows = dice.several(1, 8, () => `<tr><td>${sentence(dice)}</td><td class="n">${dice.below(1000)}</td></tr>`);
  const heading = dice.of(["Data", "Send from here", "A letter"]);
  const page = [
    "<!doctype html>",
    `<html><head><style>table { margin: 0 } .n { color: #${dice.below(900) + 100} }</style></head>`,
    `<body><h1>`,
    heading,
    `</h1><p style="margin:0">${paragraph(dice)}</p><table>`,
    ...rows,
    "</table></body></html>",
  ];
  return page.join(dice.of(["\n", ""]));
}

const scripts = [
  "Grüße aus Köln, die Möwen schreien über dem Fluß.",
  "Déjà vu à l'été: le garçon a reçu une lettre.",
  "Письмо пришло утром, и никто его не открыл.",
  "今日は雨が降っています。傘を持ってきてください。",
  "안녕하세요, 오늘은 날씨가 좋네요.",
  "Το γράμμα έφτασε αργά το βράδυ.",
  "השיירה יצאה לדרך עם שחר.",
  "😀 the lamps are lit 🕯️🕯️",
] as const;
const foreign = (dice: Dice): string =>
  dice.several(3, 12, () => dice.of([dice.of(scripts), sentence(dice), `${dice.of(openings)} é`])).join("\n");

function longLines(dice: Dice): string {
  const long = dice.several(20, 40, () => sentence(dice)).join(" ");
  return `${paragraph(dice)}\n${long}\n${"x".repeat(511 + dice.below(3000))}\n${"y".repeat(505 + dice.below(12))}data\n`;
}

function ordinary(dice: Dice): string {
  return dice.of<() => string>([
    () => `Dear ${dice.of(["Ada", "all", "colleagues"])},\n\n${paragraph(dice)}\n\nYours,\nGrace\n`,
    () => dice.several(5, 30, () => `${dice.below(9999)};${dice.of(what)};${dice.below(99)}.50`).join("\r\n"),
    () => dice.several(3, 9, () => `> ${sentence(dice)}`).join("\n"),
    () => `function f(x) {\n  if (x = 1) return;\n  const mail = from(x);\n}\n${paragraph(dice)}`,
    () => dice.several(2, 5, () => `- ${sentence(dice)}`).join("\r"),
    () => "",
    () => `${paragraph(dice)}\n-- \nGrace\n+1 555 0100\n`,
  ])();
}

/** Texts that were chosen, each for a reason. */
const byHand: readonly string[] = [
  "DATA",
  ".",
  "\n\n\n",
  " DATA ",
  "DATA\r\n.\r\nQUIT\r\n",
  "a\vDATA\fRCPT TO:<x@y.example>\u001cMAIL FROM:<>\u001dBDAT 1\u001eBURL x",
  "a\u0085DATA\u2028DATA\u2029DATA",
  `${"y".repeat(75)}DATA\n${"y".repeat(76)}DATA é\n${"y".repeat(74)}MAIL FROM:<> é`,
  `${" ".repeat(72)}data ${" ".repeat(71)}database é`,
  `MAIL${" ".repeat(200)}FROM:<x@y.example>`,
  "=44ATA\n=\nDATA=\n",
  "\u00a0DATA\n\u00e9DATA\n\ufeffDATA",
  "mailFROM\nsend\tfrom\nSOML from\nSAML--FROM",
];

const texts: readonly (readonly [kind: string, count: number, make: (dice: Dice) => string])[] = [
  ["lines that begin with data, mail or send", 60, opened],
  ["SMTP sessions", 20, smtpSession],
  ["HTML", 20, htmlPage],
  ["not ASCII", 20, foreign],
  ["lines over 510 octets", 10, longLines],
  ["by hand", byHand.length, () => ""],
  ["ordinary", 70 - byHand.length, ordinary],
];

for (const [kind, count, make] of texts) {
  test(`composed texts go in one round trip, and come back as they were given: ${count} (${kind})`, async () => {
    for (let seed = 0; seed < count; seed += 1) {
      const text = kind === "by hand" ? (byHand[seed] ?? "") : make(new Dice(seed));
      const part = kind === "HTML" ? "html" : "text";
      const message = await prepareMessage({
        from: { name: "Grace", address: "grace@x.example" },
        to: "ada@y.example",
        subject: "A letter",
        [part]: text,
        ...(seed % 3 === 0 ? { attachments: [{ filename: "data.csv", content: text }] } : {}),
      });
      assert.ok(takesOneRoundTrip(message), text);
      const octets = Buffer.alloc(message.content.size ?? 0);
      message.content.put?.(octets, 0);
      const read = await PostalMime.parse(octets, { attachmentEncoding: "base64" });
      assert.equal(withLineFeeds(read[part] ?? ""), withLineFeeds(text));
      if (seed % 3 === 0) assert.equal(read.attachments[0]?.content, Buffer.from(text).toString("base64"));
    }
  });
}

/** postal-mime adds a line end to some bodies, and keeps CRLF in others. */
function withLineFeeds(text: string): string {
  return text.replace(/\r\n|\r/g, "\n").replace(/\n+$/, "");
}

/** A second version of the rule. */
const COMMAND = /^[^!-~]*(?:rcpt|data|bdat|burl|(?:mail|send|soml|saml)[^a-z]*from)(?![a-z0-9])/i;

function hasCommand(message: Buffer): boolean {
  return message
    .toString("latin1")
    .split(/\r\n|[\n\v\f\x1c-\x1e\x85]|\xe2\x80[\xa8\xa9]/)
    .some((line) => line.length > 510 || COMMAND.test(line));
}

function base64Lines(dice: Dice, octets: number): string {
  const content = Buffer.from(dice.several(octets, octets, () => dice.below(256)));
  return content.toString("base64").replace(/.{76}/g, "$&\r\n");
}

const traces = (dice: Dice): string =>
  `Return-Path: <ada@x.example>\r\nReceived: from mail.x.example (mail.x.example [192.0.2.${dice.below(250)}])\r\n\tby mx.y.example with ESMTPS id ${dice.below(1e6)}\r\n\tfor <bob@y.example>; Fri, 2 Jan 2026 10:11:12 +0000\r\n` +
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x.example; s=s1;\r\n\th=from:to:subject:date:message-id:mime-version;\r\n\tbh=${base64Lines(dice, 32)};\r\n\tb=${base64Lines(dice, 54)}\r\n\t ${base64Lines(dice, 54)}\r\n\t ${base64Lines(dice, 20)}\r\n`;
const fields = (dice: Dice, more: string): string =>
  `From: Ada <ada@x.example>\r\nTo: Bob <bob@y.example>\r\nSubject: ${dice.of(["Tides", "Re: the lamps", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?="])}\r\nDate: Fri, 2 Jan 2026 10:11:12 +0000\r\nMessage-ID: <${dice.below(1e9)}@x.example>\r\nMIME-Version: 1.0\r\n${more}\r\n`;
const crlf = (text: string): string => text.replace(/\r\n|\r|\n/g, "\r\n");
const quoted = (text: string): string =>
  crlf(text).replace(/[^\r\n -<>-~]/gu, (some) =>
    Buffer.from(some)
      .toString("hex")
      .replace(/../g, (hex) => `=${hex.toUpperCase()}`),
  );

/** Messages as mail programs and others write them. */
const programs: readonly ((dice: Dice) => string)[] = [
  (dice) => fields(dice, "Content-Type: text/plain; charset=us-ascii\r\n") + crlf(paragraph(dice)),
  (dice) =>
    fields(
      dice,
      'Content-Type: text/plain; charset="UTF-8"; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\nUser-Agent: Mozilla\r\n',
    ) + crlf(foreign(dice)),
  (dice) => traces(dice) + fields(dice, "Content-Type: text/plain\r\n") + crlf(ordinary(dice)),
  (dice) =>
    fields(
      dice,
      'Content-Type: multipart/alternative;\r\n boundary="=_b1"\r\nX-Mailer: Outlook 16\r\nThread-Index: AQHZ/data==\r\n',
    ) +
    `--=_b1\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quoted(paragraph(dice))}\r\n\r\n--=_b1\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p class=3D"MsoNormal">${sentence(dice)}</p></body></html>\r\n--=_b1--\r\n`,
  (dice) =>
    fields(dice, "Content-Type: multipart/mixed; boundary=Apple-Mail-1\r\n") +
    `--Apple-Mail-1\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain;\r\n\tcharset=us-ascii\r\n\r\n${crlf(paragraph(dice))}\r\n\r\n--Apple-Mail-1\r\nContent-Disposition: attachment;\r\n\tfilename=data.pdf\r\nContent-Type: application/pdf;\r\n\tname="data.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(dice, 3000 + dice.below(9000))}\r\n\r\n--Apple-Mail-1--\r\n`,
  (dice) =>
    fields(dice, "X-Cron-Env: <SHELL=/bin/sh>\r\n") +
    crlf(dice.several(3, 40, () => `job ${dice.below(99)}: ${sentence(dice)}`).join("\n")),
  (dice) =>
    fields(dice, "X-Mailer: git-send-email 2.40\r\n") +
    crlf(
      `---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-${sentence(dice)}\n+\tdata = ${dice.below(99)};\n data = 1;\n-- \n2.40\n`,
    ),
  (dice) =>
    fields(
      dice,
      "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=r\r\n",
    ) +
    `--r\r\n\r\n<bob@y.example>: host mx said:\r\n    550 5.1.1 no such mailbox (in reply to RCPT TO command)\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; bob@y.example\r\nAction: failed\r\n\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n${fields(dice, "")}${crlf(sentence(dice))}\r\n--r--\r\n`,
  (dice) =>
    fields(dice, "List-Id: <tides.x.example>\r\nPrecedence: list\r\n") +
    crlf(`${opened(dice)}\n_______________________\nTides mailing list\n`),
  (dice) => fields(dice, "Content-Type: text/html; charset=utf-8\r\n") + crlf(wrapped(htmlPage(dice), 120)),
  (dice) => fields(dice, "") + crlf(smtpSession(dice)),
  (dice) => fields(dice, "Content-Type: text/plain\r\n") + crlf(longLines(dice)).replace(/(.{900})/g, "$1\r\n"),
];

/** A message that Nodemailer composes. */
async function byNodemailer(dice: Dice): Promise<Buffer> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const { message } = await transport.sendMail({
    from: "Ada <ada@x.example>",
    to: "bob@y.example",
    subject: dice.of(["Tides", "Grüße", `${sentence(dice)} ${sentence(dice)}`]),
    text: dice.of([ordinary, foreign, paragraph])(dice),
    html: htmlPage(dice),
    attachments: [{ filename: "lamps.bin", content: Buffer.from(dice.several(10, 2000, () => dice.below(256))) }],
  });
  assert.ok(message instanceof Buffer);
  return message;
}

test("of 200 ready-made messages, those without a command-like line go in one round trip, and the others by DATA", async () => {
  const messages: Buffer[] = [];
  for (let seed = 0; messages.length < 160; seed += 1)
    messages.push(Buffer.from((programs[seed % programs.length] ?? ordinary)(new Dice(seed))));
  for (let seed = 0; messages.length < 200; seed += 1) messages.push(await byNodemailer(new Dice(seed)));
  const counts = { without: 0, inOne: 0 };
  for (const message of messages) {
    const prepared = await prepareMessage({ envelope: { from: "ada@x.example", to: "bob@y.example" }, message });
    const inOne = takesOneRoundTrip(prepared);
    if (hasCommand(message)) assert.ok(!inOne, message.toString());
    else counts.without += 1;
    if (inOne) counts.inOne += 1;
  }
  assert.ok(counts.without >= 100, `${counts.without} of them have no such line`);
  assert.ok(counts.inOne >= 0.9 * counts.without, `${counts.inOne} of ${counts.without}`);
});
