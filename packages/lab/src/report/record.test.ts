import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { suite, test } from "node:test";
import { canaries } from "../verdict/canary.ts";
import { type ChannelName, type Transcript, createTranscript, openConnection } from "../verdict/transcript.ts";
import { recordConnections } from "./record.ts";
import type { ConnectionRecord, EntryRecord } from "./report.ts";

type Piece = readonly [by: "client" | "server", text: string, channel?: ChannelName];

function transcriptOf(...pieces: readonly Piece[]): Transcript {
  const transcript = createTranscript();
  const connection = openConnection(transcript);
  for (const [order, [by, text, channel = "clear"]] of pieces.entries())
    connection.entries.push({ order, by, text, channel });
  return transcript;
}

function recorded(...pieces: readonly Piece[]): ConnectionRecord {
  const [connection] = recordConnections(transcriptOf(...pieces), {
    canaries,
    trust: (_, channel) => channel === "tls",
  });
  assert.ok(connection !== undefined);
  return connection;
}

/** `what: text` of each leak, in the order of the record. */
function leaked(entries: readonly EntryRecord[]): readonly string[] {
  return entries.flatMap(({ text, leaks }) => {
    assert.ok(leaks.every(({ from, to }) => 0 <= from && from < to && to <= text.length));
    return leaks.map(({ from, to, what }) => `${what}: ${text.slice(from, to)}`);
  });
}

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}

suite("what leaked is marked", () => {
  test("words that are not encoded", () => {
    const { entries } = recorded(["client", `MAIL FROM:<${canaries.sender}>\r\nRCPT TO:<${canaries.recipient}>\r\n`]);
    assert.deepEqual(leaked(entries), [`sender: ${canaries.sender}`, `recipient: ${canaries.recipient}`]);
  });

  test("every occurrence of a word", () => {
    const { entries } = recorded(["client", `${canaries.body}\r\n${canaries.body}\r\n`]);
    assert.equal(leaked(entries).length, 2);
  });

  test("only those characters of a login that hold the username or the password", () => {
    const { entries } = recorded([
      "client",
      `AUTH PLAIN ${base64(`\0${canaries.username}\0${canaries.password}`)}\r\n`,
    ]);
    assert.deepEqual(leaked(entries), ["username: HdyZW4", "password: cXVhcnR6LUxhbnRlcm4tNDQ3MQ"]);
  });

  test("the two lines of LOGIN", () => {
    const { entries } = recorded(
      ["client", "AUTH LOGIN\r\n"],
      ["client", `${base64(canaries.username)}\r\n`],
      ["client", `${base64(canaries.password)}\r\n`],
    );
    assert.deepEqual(leaked(entries), ["username: d3Jlbg", "password: cXVhcnR6LUxhbnRlcm4tNDQ3MQ"]);
  });

  for (const length of [4, 10, 13]) {
    test(`a message in base64 with lines of ${length} characters`, () => {
      const lines = base64(`At dawn. ${canaries.body}`).replace(new RegExp(`.{${length}}`, "g"), "$&\r\n");
      const [only] = recorded(["client", `DATA\r\n${lines}\r\n.\r\n`]).entries;
      const [leak] = only?.leaks ?? [];
      assert.equal(leak?.what, "body");
      const marked = only?.text.slice(leak.from, leak.to).replaceAll("\r\n", "") ?? "";
      assert.equal(base64(canaries.body).replace(/=*$/, ""), marked);
    });
  }

  test("words of a quoted-printable message that continue on the next line", () => {
    const folded = `${canaries.body.slice(0, 12)}=\r\n${canaries.body.slice(12)}`;
    assert.deepEqual(leaked(recorded(["client", folded]).entries), [`body: ${folded}`]);
  });

  test("a digest of CRAM-MD5", () => {
    const challenge = "<1.2@smtp.example.test>";
    const digest = createHmac("md5", canaries.password).update(challenge).digest("hex");
    const { entries } = recorded(
      ["server", `334 ${base64(challenge)}\r\n`],
      ["client", `${base64(`${canaries.username} ${digest}`)}\r\n`],
    );
    assert.deepEqual(
      leaked(entries).map((leak) => leak.split(":")[0]),
      ["username", "CRAM-MD5 digest of the password"],
    );
  });

  for (const username of ["w", "wr", "wre"]) {
    test(`a proof of SCRAM, after a first message of any length: ${username}`, () => {
      const first = base64(`n,,n=${username},r=fyko+d2lbbFgONRv9qkxdawL`);
      const final = base64("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJ,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
      const { entries } = recorded(["client", `AUTH SCRAM-SHA-1 ${first}\r\n`], ["client", `${final}\r\n`]);
      assert.deepEqual(
        leaked(entries).map((leak) => leak.split(":")[0]),
        ["SCRAM proof of the password"],
      );
    });
  }

  for (const before of ["x", "xy", "xyz"]) {
    test(`base64 that begins after ${before}`, () => {
      const { entries } = recorded(["client", `${before}${base64(canaries.password)}`]);
      assert.deepEqual(leaked(entries), ["password: cXVhcnR6LUxhbnRlcm4tNDQ3MQ"]);
    });
  }

  test("a word that continues in the next piece", () => {
    const { entries } = recorded(["client", "RCPT TO:<dunlin@rec"], ["client", "ipient.example.test>\r\n"]);
    assert.deepEqual(leaked(entries), ["recipient: dunlin@rec", "recipient: ipient.example.test"]);
  });

  test("nothing on a sealed channel, and nothing that the server said", () => {
    const { entries } = recorded(["client", canaries.password, "tls"], ["server", canaries.password]);
    assert.deepEqual(leaked(entries), []);
  });

  test("nothing in words that merely look like base64", () => {
    const { entries } = recorded(["client", "EHLO smtp-client.example.test\r\nSTARTTLS\r\nQUIT\r\n"]);
    assert.deepEqual(leaked(entries), []);
  });
});

suite("a record has a limit", () => {
  test("a piece is cut at 4 KiB, and the octets left out are counted", () => {
    const { entries, omitted } = recorded(["client", "x".repeat(5000)]);
    assert.equal(entries[0]?.text.length, 4096);
    assert.equal(omitted, 904);
  });

  test("a connection is cut at 64 KiB, and its entries at 512", () => {
    const flood = Array.from({ length: 400 }, (_, at): Piece => [at % 2 === 0 ? "client" : "server", "x".repeat(4096)]);
    const drip = Array.from({ length: 2000 }, (): Piece => ["server", "x"]);
    assert.equal(
      recorded(...flood).entries.reduce((sum, { text }) => sum + text.length, 0),
      65_536,
    );
    assert.equal(recorded(...flood, ...drip).omitted, 400 * 4096 + 2000 - 65_536);
    assert.ok(recorded(...drip).entries.length <= 512);
  });

  test("a server that floods the client does not displace what leaked", () => {
    const flood = Array.from({ length: 100 }, (): Piece => ["server", "x".repeat(4096)]);
    assert.deepEqual(leaked(recorded(...flood, ["client", canaries.password]).entries), [
      `password: ${canaries.password}`,
    ]);
  });

  test("a leak that is cut ends with the text", () => {
    const { entries } = recorded(["client", "x".repeat(4090) + canaries.password]);
    assert.deepEqual(leaked(entries), [`password: ${canaries.password.slice(0, 6)}`]);
  });
});

test("entries of both channels are in the order of time", () => {
  const { entries } = recorded(["server", "1"], ["client", "2", "tls"], ["server", "3"], ["client", "4", "tls"]);
  assert.deepEqual(
    entries.map(({ text }) => text),
    ["1", "2", "3", "4"],
  );
});

test("whether a channel is sealed is asked for each connection by its turn", () => {
  const transcript = transcriptOf(["client", canaries.password]);
  openConnection(transcript, 1).entries.push({ order: 1, by: "client", channel: "clear", text: canaries.password });
  const records = recordConnections(transcript, { canaries, trust: (turn) => turn === 0 });
  assert.deepEqual(
    records.map(({ entries }) => leaked(entries).length),
    [0, 1],
  );
});
