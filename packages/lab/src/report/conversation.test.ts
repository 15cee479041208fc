/** The live transcript: everything in words, nothing that a terminal would obey, and nothing wider than the terminal. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { attackNamed, attacks } from "../interceptor/attack.ts";
import { canaries } from "../verdict/canary.ts";
import { createTranscript, openConnection } from "../verdict/transcript.ts";
import { vectorNamed } from "../vectors/index.ts";
import { type ConversationEvent, formatEntry } from "./conversation.ts";
import { followImpostor } from "./live.ts";
import { formatProxyOpening, formatServeOpening } from "./opening.ts";

const plain = { columns: 60, colour: false };
const piece = { kind: "said", connection: 0, by: "client", to: "server", channel: "clear" } as const;

function format(event: ConversationEvent, columns = 60): string {
  return formatEntry(event, { columns, colour: false });
}

suite("a line of the transcript", () => {
  test("says who speaks to whom, and on which channel", () => {
    const reply = { ...piece, by: "server", to: "client" } as const;
    assert.equal(format({ ...piece, text: "EHLO x\r\n" }), "#1 clear C → S  EHLO x\n");
    assert.equal(
      format({ ...reply, channel: "tls", connection: 1, text: "250-x\r\n250 SIZE 1\r\n" }),
      "#2 TLS   C ← S  250-x\n                250 SIZE 1\n",
    );
    assert.equal(format({ ...reply, by: "proxy", text: "454 no\r\n" }), "#1 clear C ← P  454 no\n");
    assert.equal(format({ ...piece, by: "proxy", text: "NOOP\r\n" }), "#1 clear P → S  NOOP\n");
  });

  test("shows that a line has no end, and a line end that is not CRLF", () => {
    assert.equal(format({ ...piece, text: "220 go" }), "#1 clear C → S  220 go …\n");
    assert.equal(format({ ...piece, text: "220 go\n" }), "#1 clear C → S  220 go\\n …\n");
    assert.equal(format({ ...piece, text: "454 no\r220 go\r\n" }), "#1 clear C → S  454 no\\r220 go\n");
  });

  test("holds nothing that a terminal obeys, and shows UTF-8 as text", () => {
    const escapes = Buffer.from("\u001b[2J\u0000\u0007 é \u202e\r\n").toString("latin1");
    assert.equal(format({ ...piece, text: escapes }), "#1 clear C → S  \\x1b[2J\\x00\\x07 é \\u202e\n");
    assert.equal(format({ ...piece, text: "\x9b2J \xe9\r\n" }), "#1 clear C → S  \\x9b2J é\n");
  });

  test("is never wider than the terminal, and never longer than a screen", () => {
    const line = "AGEAYg==".repeat(20);
    const rows = format({ ...piece, text: `${line}\r\n` })
      .trimEnd()
      .split("\n");
    assert.ok(rows.every((row) => row.length <= 60));
    assert.equal(rows.map((row) => row.slice(16)).join(""), line);
    const many = format({ ...piece, text: "x\r\n".repeat(100) })
      .trimEnd()
      .split("\n");
    assert.equal(many.length, 24);
    assert.equal(many.at(-1)?.trim(), "… 77 lines more");
  });

  test("marks a leak in words", () => {
    const leaks = [
      { from: 0, to: 3, what: "username" },
      { from: 4, to: 9, what: "password" },
      { from: 9, to: 12, what: "password" },
    ] as const;
    const entry = { channel: "clear", by: "client", text: "AUTH\r\n", leaks } as const;
    assert.equal(
      format({ kind: "entry", connection: 0, entry }),
      "#1 clear C → S  AUTH\n#1 LEAK         username, password, for an attacker to read\n",
    );
  });

  test("says the same with colour as without", () => {
    for (const event of [
      { ...piece, text: "EHLO x\r\n" },
      { kind: "attack", connection: 0, text: "removed STARTTLS from the EHLO reply" },
      {
        kind: "closed",
        connection: 0,
        outcome: "leaked-message",
        evidence: "the message went in the clear",
        duty: "Fail.",
      },
      {
        kind: "tls",
        connection: 0,
        between: "proxy and server",
        protocol: "TLSv1.3",
        cipherSuite: "TLS_AES_128_GCM_SHA256",
      },
    ] as const) {
      const painted = formatEntry(event, { columns: 60, colour: true });
      assert.notEqual(painted, format(event));
      assert.equal(stripVTControlCharacters(painted), format(event));
    }
  });

  test("gives the duty only with a leak", () => {
    const closed = { kind: "closed", connection: 0, duty: "Fail." } as const;
    assert.equal(
      format({ ...closed, outcome: "leaked-message", evidence: "the message went in the clear" }),
      "#1 VERDICT      leaked-message: the message went in the\n                clear\n#1 duty         Fail.\n",
    );
    assert.equal(
      format({ ...closed, outcome: "held", evidence: "the client closed after EHLO" }),
      "#1 VERDICT      held: the client closed after EHLO\n",
    );
  });
});

suite("the opening", () => {
  const listening = { address: "127.0.0.1", port: 2525, authorityFile: "/lab/authority.pem" };

  test("of an impostor has everything to configure a client with", () => {
    const text = formatServeOpening({ vector: vectorNamed("A1-removed-auth"), canaries, ...listening }, plain);
    for (const word of [
      "A1-removed-auth",
      "smtp.example.test",
      "2525, STARTTLS",
      "/lab/authority.pem",
      canaries.username,
      canaries.password,
      canaries.sender,
      canaries.recipient,
      canaries.body,
    ])
      assert.ok(text.replaceAll(/\n +/g, " ").includes(word), `${word} is not in ${text}`);
    const other = { vector: vectorNamed("C4-address-as-name"), canaries, ...listening };
    assert.match(formatServeOpening(other, plain), /^host {7}127\.0\.0\.1\nport {7}2525, TLS from the start$/m);
  });

  test("of a proxy says where a login goes, and whose certificate is shown", () => {
    const upstream = { host: "mail.example.com", port: 587, transport: "starttls" } as const;
    for (const attack of attacks) {
      const text = formatProxyOpening({ attack, upstream, ...listening }, plain);
      assert.match(text, /^host {7}mail\.example\.com at 127\.0\.0\.1/m);
      assert.equal(text.includes("authority.pem"), attack.moves.endsTls === true);
      assert.ok(text.split("\n").every((row) => row.length <= 60));
      const [, ...table] = text.slice(text.indexOf("host ")).trimEnd().split("\n");
      for (const row of table) assert.match(row, /^.{10} \S/, "a label as wide as its column");
    }
    assert.match(
      formatProxyOpening({ attack: attackNamed("strip"), upstream, ...listening }, plain),
      /a login goes no/,
    );
    assert.doesNotMatch(formatProxyOpening({ attack: attackNamed("none"), upstream, ...listening }, plain), /goes no/);
  });
});

suite("an impostor that is followed", () => {
  test("reports leaks piece by piece, and a separate verdict for each connection", () => {
    const transcript = createTranscript();
    const events: ConversationEvent[] = [];
    const vector = vectorNamed("A1-removed-auth");
    const feed = followImpostor({
      vector,
      canaries,
      transcript: () => transcript,
      onEvent: (event) => events.push(event),
    });
    const pieces = [
      "EHLO x\r\n",
      `AUTH PLAIN ${Buffer.from(`\0${canaries.username}\0${canaries.password}`).toString("base64")}\r\n`,
    ];
    for (const [at, lines] of [pieces, ["EHLO x\r\n"], []].entries()) {
      const connection = openConnection(transcript);
      for (const text of lines) {
        const entry = { order: 0, channel: "clear", by: "client", text } as const;
        connection.entries.push(entry);
        feed.onEntry(at, entry);
      }
      feed.onEnd(at);
    }
    const leaks = events.flatMap((event) =>
      event.kind === "entry" ? [event.entry.leaks.map(({ what }) => what)] : [],
    );
    assert.deepEqual(leaks, [[], ["username", "password"], []]);
    const judged = events.flatMap((event) => (event.kind === "judged" ? [[event.connection, event.outcome]] : []));
    assert.deepEqual(judged, [
      [0, "leaked-credentials"],
      [1, "held"],
      [2, "inconclusive"],
    ]);
    assert.ok(events.every((event) => event.kind !== "judged" || !event.evidence.join("").includes("connection")));
  });

  test("finds nothing proved if the client gave away other words than those of the lab", () => {
    const judged = (text: string): string => {
      const transcript = createTranscript();
      const outcomes: string[] = [];
      const feed = followImpostor({
        vector: vectorNamed("A1-removed-auth"),
        canaries,
        transcript: () => transcript,
        onEvent: (event) => event.kind === "judged" && outcomes.push(event.outcome),
      });
      openConnection(transcript).entries.push({ order: 0, channel: "clear", by: "client", text });
      feed.onEnd(0);
      return outcomes.join();
    };
    for (const text of [
      "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
      "auth login\r\nYWxpY2U=\r\n",
      "MAIL FROM:<alice@example.com>\r\n",
      "MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\n",
    ])
      assert.equal(judged(`EHLO x\r\n${text}`), "inconclusive", text);
    for (const text of ["QUIT\r\n", "AUTH LOGIN\r\nQUIT\r\n", "AUTH LOGIN\r\n*\r\n", "STARTTLS\r\n"])
      assert.equal(judged(`EHLO x\r\n${text}`), "held", text);
  });

  test("counts a message for the connection that ended with it", () => {
    const transcript = createTranscript();
    const outcomes: string[] = [];
    const feed = followImpostor({
      vector: vectorNamed("H-starttls"),
      canaries,
      transcript: () => transcript,
      onEvent: (event) => event.kind === "judged" && outcomes.push(event.outcome),
    });
    for (const at of [0, 1]) {
      const connection = openConnection(transcript);
      connection.handshake = "completed";
      if (at === 0)
        transcript.messages.push({
          channel: "tls",
          username: undefined,
          reversePath: "",
          forwardPaths: ["b@x"],
          body: "",
        });
      feed.onEnd(at);
    }
    assert.deepEqual(outcomes, ["delivered-sealed", "held"]);
  });
});
