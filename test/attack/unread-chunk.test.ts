/**
 * A server that refuses a chunk without reading it runs its octets as commands. What a message holds must not be delivered
 * as another message, and every message must report its true outcome.
 */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { type ComposedMessage, createMailer, type Message, type Outcome, receiptOf } from "@postseal/mailer";
import { createAuthority, HOST, type Authority, type Issued, makePrivateFolder } from "@postseal/lab";
import { type Delivery, type Reader, startUnreadChunkServer, type UnreadChunkServer } from "./unread-chunk-server.ts";

const OURS = "ours.example.test";
const VICTIM = "victim@elsewhere.example.test";
const LF: Reader = { ends: "LF", buffer: 4096 };
const EVERY: Reader = { ends: "every", buffer: 4096 };
/** A header field of every whole message: a delivery without it was made from the octets of a chunk. */
const WHOLE = "X-Whole";

let authority: Authority;
let identity: Issued;
let folder: string;
before(async () => {
  authority = await createAuthority();
  identity = await authority.issue();
  folder = makePrivateFolder("chunk");
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The hidden session, with each command as `place` writes it. */
function session(place: (command: string) => string): string {
  const commands = ["RSET", "MAIL FROM:<forger@elsewhere.example.test>", `RCPT TO:<${VICTIM}>`, "DATA"].map(place);
  return [...commands, "Subject: forged", "", "Send the money.", ".", "the end"].join("\r\n");
}

const plain = session((command) => command);

function composed(fields: Partial<ComposedMessage>): Message {
  return { from: `us@${OURS}`, to: `you@${OURS}`, subject: "x", headers: { [WHOLE]: "hostile" }, ...fields };
}

function whole(body: string): string {
  return `From: us@${OURS}\r\n${WHOLE}: hostile\r\n\r\n${body}\r\n`;
}

function ready(message: Extract<Message, { message: unknown }>["message"]): Message {
  return { envelope: { from: `us@${OURS}`, to: `you@${OURS}` }, message };
}

function file(name: string, content: string | Uint8Array): { readonly path: string } {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return { path: full };
}

/** Lines of this length in octets altogether. */
function lines(octets: number): string {
  return `${"All is well.\r\n".repeat(octets / 14)}${"z".repeat(octets)}`.slice(0, octets - 2) + "\r\n";
}

function embedded(content: string): Message {
  return composed({ text: "see below", attachments: [{ content, contentType: "message/rfc822" }] });
}

/** A line with its command at this octet, and a server whose line buffer ends just before it. */
function cutAt(octet: number): readonly [string, Reader, () => Message] {
  const text = session((command) => "x".repeat(octet) + command);
  return [`at octet ${octet}`, { ends: "LF", buffer: octet }, () => composed({ text })];
}

/** Fills a line, so that the next word begins a new one. */
const words = "w".repeat(71);
const folded = `${words} MAIL FROM:<forger@elsewhere.example.test> ${words} RCPT TO:<${VICTIM}> ${words} DATA ${words}`;
const ending = "\r\nSend the money.\r\n.\r\n";
const large = lines(280_000);
/** The octets that the mailer reads of a file at a time. */
const READ = 128 * 1024;
/** Octets whose base64 is `DATA` alone, and octets whose base64 is 76 characters and then `DATA` on the last line. */
const [three, sixty] = [Buffer.from("DATA", "base64"), Buffer.from(`${"QUJD".repeat(19)}DATA`, "base64")];
const eightyOne = Buffer.from(`${"QUJD".repeat(18)}DATA`, "base64");

const hostile: readonly (readonly [name: string, reader: Reader, message: () => Message])[] = [
  ["a text at column 0", LF, () => composed({ text: plain })],
  ["a text in lower case", LF, () => composed({ text: session((command) => command.toLowerCase()) })],
  ["a text after blanks", LF, () => composed({ text: session((command) => ` \t ${command}`) })],
  ["an HTML part", LF, () => composed({ html: `<pre>\n${plain}\n</pre>` })],
  [
    "a calendar",
    LF,
    () => composed({ text: "x", calendar: { method: "REQUEST", content: `METHOD:REQUEST\r\n${plain}` } }),
  ],
  ...([510, 511, 512, 998] as const).map(cutAt),
  [
    "a text with a soft line break before it",
    LF,
    () => composed({ text: `\u00e9\n${session((command) => "y".repeat(75) + command)}` }),
  ],
  ...(["\v", "\f", "\u001c", "\u001d", "\u001e"] as const).map(
    (end) =>
      [
        `a text, after U+${(end.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
        EVERY,
        () => composed({ text: session((command) => `x${end}${command}`) }),
      ] as const,
  ),
  ["a text, by SEND", LF, () => composed({ text: plain.replace("MAIL", "SEND") })],
  [
    "a text, with MAIL and FROM far apart",
    LF,
    () => composed({ text: plain.replace("MAIL ", `MAIL${" ".repeat(90)}`) }),
  ],
  ["a folded Subject", LF, () => composed({ subject: folded, text: ending })],
  ["the name of a header field", LF, () => composed({ headers: { [WHOLE]: "hostile", Data: "x" }, text: ending })],
  [
    "base64's only line",
    LF,
    () => composed({ attachments: [{ content: three }, { content: ending, contentType: "message/rfc822" }] }),
  ],
  [
    "base64's last line",
    LF,
    () =>
      composed({
        attachments: [{ content: sixty }, { content: eightyOne }, { content: ending, contentType: "message/rfc822" }],
      }),
  ],
  [
    "base64's first line",
    LF,
    () =>
      composed({
        attachments: [
          { content: Buffer.from("DATA+FROM/DATA", "base64") },
          { content: ending, contentType: "message/rfc822" },
        ],
      }),
  ],
  [
    "base64 of a file",
    LF,
    () =>
      composed({
        attachments: [
          { ...file("three", three), filename: "x" },
          { content: ending, contentType: "message/rfc822" },
        ],
      }),
  ],
  ["an embedded message", LF, () => embedded(`Subject: inner\r\n\r\n${plain}\r\n`)],
  ["an embedded message, in its own header", LF, () => embedded(`Subject: ${words}\r\n ${plain}\r\n`)],
  ["a ready-made text", LF, () => ready(whole(plain))],
  ["a ready-made text, after octets over 127", LF, () => ready(whole(session((command) => `\u00fc${command}`)))],
  ["a ready-made text, after U+2028", EVERY, () => ready(whole(session((command) => `x\u2028${command}`)))],
  ["a ready-made text, after NEL", EVERY, () => ready(whole(session((command) => `x\u0085${command}`)))],
  ["a ready-made text, after a form feed", EVERY, () => ready(whole(session((command) => `x\f${command}`)))],
  [
    "a ready-made text in its folded header",
    LF,
    () => ready(`X-Folded: x\r\n${session((command) => ` ${command}`).split("Subject")[0]}${whole(`x${ending}`)}`),
  ],
  ["ready-made octets", LF, () => ready(Buffer.from(whole(plain)))],
  ["a ready-made file", LF, () => ready(file("plain", whole(plain)))],
  [
    "a ready-made file, its command over two reads",
    LF,
    () => {
      const start = whole("It begins.");
      // The first read ends inside the only command.
      return ready(file("reads", `${start}${lines(READ - start.length - 2)}DATA${ending}${large}`));
    },
  ],
  ["a text over 192 KiB", LF, () => composed({ text: `${plain}\r\n${large}` })],
  ["ready-made octets over 256 KiB", LF, () => ready(Buffer.from(whole(`${plain}\r\n${large}`)))],
  [
    "an embedded message beside a file over 192 KiB",
    LF,
    () => composed({ attachments: [{ content: plain, contentType: "message/rfc822" }, file("large", large)] }),
  ],
];

/** The outcome that the mailer reported for one message, and whether the server delivered it. */
interface Fate {
  readonly name: string;
  readonly outcome: Outcome | undefined;
}

async function fateOf(name: string, sending: Promise<unknown>): Promise<Fate> {
  try {
    await sending;
    return { name, outcome: "accepted" };
  } catch (error) {
    return { name, outcome: receiptOf(error)?.recipients[0]?.outcome };
  }
}

/** The name of a message that was delivered whole. */
function nameOf({ body }: Delivery): string | undefined {
  return /^X-Whole: (\w+)\r\n/m.exec(body.slice(0, body.indexOf("\r\n\r\n") + 2))?.[1];
}

/** A message reported as accepted was delivered once, whole; one reported as refused or unsent was not. */
function assertTrue(fates: readonly Fate[], server: UnreadChunkServer): void {
  for (const { name, outcome } of fates) {
    const delivered = server.deliveries.filter((delivery) => nameOf(delivery) === name);
    const most = outcome === "accepted" || outcome === "unknown" ? 1 : 0;
    const least = outcome === "accepted" ? 1 : 0;
    assert.ok(
      delivered.length >= least && delivered.length <= most,
      `${name} was reported as ${outcome} and delivered ${delivered.length} times`,
    );
  }
}

/** BDAT answered as an unknown command proves the message unsent: it goes again by DATA, and is accepted. */
function assertGoesAgain(fates: readonly Fate[], { chunk, refusedDomain }: Run): void {
  if (refusedDomain !== undefined || (chunk !== 500 && chunk !== 502)) return;
  assert.equal(fates.find(({ name }) => name === "hostile")?.outcome, "accepted");
}

/** How the server refuses, and which messages come before the hostile one on the same connection. */
interface Run {
  readonly chunk: number;
  readonly refusedDomain?: string;
  readonly before: readonly string[];
}

const runs: readonly Run[] = [
  ...[500, 502, 503, 554].flatMap((chunk) => [
    { chunk, before: [] },
    { chunk, before: [], refusedDomain: OURS },
  ]),
  { chunk: 502, before: ["first", "second"] },
];

for (const [name, reader, messageOf] of hostile) {
  test(`a server that runs its refused chunk delivers no inner message: ${name}`, async () => {
    const message = messageOf();
    for (const run of runs) {
      const { before: first, ...refusals } = run;
      await using server = await startUnreadChunkServer(identity, { ...refusals, reader, honoured: first.length });
      await using mailer = createMailer(
        { host: HOST, port: server.port, transport: "implicit" },
        {
          tls: { ca: { only: authority.certificate } },
          connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
        },
      );
      const ordinary = (title: string): Promise<Fate> =>
        fateOf(title, mailer.send(composed({ headers: { [WHOLE]: title }, text: "ordinary" })));
      const fates = await Promise.all([
        ...first.map(ordinary),
        fateOf("hostile", mailer.send(message)),
        ...["after", "later"].map(ordinary),
      ]);
      await mailer.close();
      const where = `${JSON.stringify(refusals)}, after ${first.length}`;
      const forged = server.deliveries.filter(
        (delivery) => nameOf(delivery) === undefined || delivery.recipients.includes(VICTIM),
      );
      assert.deepEqual(forged, [], where);
      assertTrue(fates, server);
      assertGoesAgain(fates, run);
    }
  });
}
