import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../errors/protocol-error.ts";
import { Concealment } from "./concealment.ts";
import { ReplyParser } from "./reply-parser.ts";
import { type Reply, verbatimOf } from "./reply.ts";

interface Heard {
  readonly code: number;
  readonly lines: readonly string[];
  readonly from: number;
}

/** The replies that a parser makes of these chunks. */
function hear(...chunks: readonly (string | Uint8Array)[]): readonly Heard[] {
  const parser = new ReplyParser(new Concealment(), "mx.example:587");
  const heard: Heard[] = [];
  for (const chunk of chunks) {
    parser.push(Buffer.from(chunk), (reply, from) => {
      heard.push({ code: reply.code, lines: verbatimOf(reply), from });
      return true;
    });
  }
  return heard;
}

const malformed = { name: "ProtocolError", code: "MAIL_PROTOCOL_MALFORMED_REPLY" };

/** Refused whole and octet by octet: where a segment ends must not matter. */
function refuses(octets: string | Uint8Array, message?: RegExp): void {
  const expected = message === undefined ? malformed : { ...malformed, message };
  assert.throws(() => hear(octets), expected);
  assert.throws(() => hear(...Array.from(Buffer.from(octets), (octet) => Uint8Array.of(octet))), expected);
}

const legal: readonly (readonly [string, string, Omit<Heard, "from">])[] = [
  ["a code alone", "220\r\n", { code: 220, lines: [""] }],
  ["a code and an empty text", "220 \r\n", { code: 220, lines: [""] }],
  ["a code and a text", "220 ready when you are\r\n", { code: 220, lines: ["ready when you are"] }],
  ["several lines", "220-one\r\n220-\r\n220 three\r\n", { code: 220, lines: ["one", "", "three"] }],
  ["several lines, the last a code alone", "250-one\r\n250\r\n", { code: 250, lines: ["one", ""] }],
  ["the least code", "200 ok\r\n", { code: 200, lines: ["ok"] }],
  ["the greatest code", "599 no\r\n", { code: 599, lines: ["no"] }],
  ["a text in UTF-8", "550 Benutzer unbekannt: jürgen\r\n", { code: 550, lines: ["Benutzer unbekannt: jürgen"] }],
  ["a text that looks like a reply", "250 250 ok\r\n", { code: 250, lines: ["250 ok"] }],
  ["a tab and an escape in the text", "250 a\tb\x1b[2J\r\n", { code: 250, lines: ["a\tb\x1b[2J"] }],
];
for (const [name, octets, expected] of legal) {
  test(`a reply of ${name} is read`, () => {
    assert.deepEqual(hear(octets), [{ ...expected, from: 0 }]);
  });
}

const illegal: readonly (readonly [string, string])[] = [
  ["letters after the code", "220go\r\n"],
  ["a fourth digit", "2200\r\n"],
  ["a tab after the code", "220\tgo\r\n"],
  ["a code under 200", "150 wait\r\n"],
  ["a code over 599", "600 no\r\n"],
  ["the code 999", "999 NOSTARTTLS\r\n"],
  ["two digits", "25 ok\r\n"],
  ["no digits", "OK\r\n"],
  ["a letter among the digits", "2x0 ok\r\n"],
  ["a space before the code", " 250 ok\r\n"],
  ["an empty line", "\r\n"],
  ["a bare LF at its end", "250 ok\n"],
  ["a bare LF after the code", "250\n"],
  ["a bare LF inside", "250 o\nk\r\n"],
  ["a bare CR inside", "454 no\r220 go\r\n"],
  ["two CRs at its end", "250 ok\r\r\n"],
  ["a bare CR after the code", "250\rok\r\n"],
  ["a NUL inside", "250 o\0k\r\n"],
  ["a NUL after the code", "250\0\r\n"],
  ["another code in its second line", "220-go\r\n250 ok\r\n"],
  ["another code in its last line", "250-one\r\n250-two\r\n220 go\r\n"],
  ["a continuation of another reply", "250-one\r\n550-two\r\n"],
];
for (const [name, octets] of illegal) {
  test(`a reply with ${name} is refused`, () => refuses(octets));
}

const unfinished: readonly (readonly [string, string | Uint8Array])[] = [
  ["a TLS alert", Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02)],
  ["an HTTP response", "HTTP/1.1 400 Bad"],
  ["an IMAP greeting", "* OK"],
  ["one letter", "E"],
  ["a digit that begins no code", "9"],
  ["a code with letters after it", "220go"],
  ["a code with a fourth digit", "2200"],
  ["a NUL", "250 o\0k"],
  ["a bare CR", "454 no\r220 go"],
  ["another code than the line before", "220-go\r\n250"],
];
for (const [name, octets] of unfinished) {
  test(`a line that begins with ${name} is refused before its end`, () => refuses(octets));
}

test("octets that may still become a reply are not refused", () => {
  for (const octets of ["2", "25", "250", "250 ", "250-", "250\r", "250 ok\r", "250-one\r\n", "250-one\r\n2"]) {
    assert.deepEqual(hear(octets), [], octets);
  }
});

test("a line of 4 KiB is read, and one octet more is refused", () => {
  const text = "x".repeat(4096 - 6);
  assert.deepEqual(hear(`250 ${text}\r\n`), [{ code: 250, lines: [text], from: 0 }]);
  refuses(`250 ${text}x\r\n`, /4 KiB/);
});

test("a line without an end is refused at 4 KiB, not buffered for ever", () => {
  assert.deepEqual(hear(`250 ${"x".repeat(4092)}`), []);
  refuses(`250 ${"x".repeat(4093)}`, /4 KiB/);
});

test("a reply of 128 lines is read, and one line more is refused", () => {
  const first = "250-x\r\n".repeat(127);
  assert.equal(hear(`${first}250 x\r\n`)[0]?.lines.length, 128);
  refuses(`${first}250-x\r\n250 x\r\n`, /128 lines/);
  assert.throws(() => hear("250-x\r\n".repeat(129)), malformed, "before its last line comes, too");
});

test("a reply of 64 KiB is read, and one octet more is refused", () => {
  const line = `250-${"x".repeat(4090)}\r\n`;
  assert.equal(line.length, 4096);
  const last = `250 ${"x".repeat(4090)}\r\n`;
  assert.equal(hear(line.repeat(15) + last)[0]?.lines.length, 16);
  assert.throws(() => hear(`${line.repeat(16)}250\r\n`), { ...malformed, message: /64 KiB/ });
});

test("the limits are for one reply, not for a session", () => {
  const reply = `${"250-x\r\n".repeat(127)}250 x\r\n`;
  assert.equal(hear(reply.repeat(3)).length, 3);
  const long = `${`250-${"x".repeat(4090)}\r\n`.repeat(15)}250 x\r\n`;
  assert.equal(hear(long.repeat(3)).length, 3);
});

test("a reader that has enough gets no more replies, and the octets left over are kept unjudged", () => {
  const parser = new ReplyParser(new Concealment(), "mx.example:587");
  const codes: number[] = [];
  parser.push(Buffer.from("220 go\r\n250 injected\r\n\x16\x03"), ({ code }) => {
    codes.push(code);
    return false;
  });
  assert.deepEqual(codes, [220]);
  assert.equal(Buffer.from(parser.unused).toString(), "250 injected\r\n\x16\x03");
});

test("unused octets are reported, the lines of an unfinished reply included", () => {
  const parser = new ReplyParser(new Concealment(), "mx.example:587");
  parser.push(Buffer.from("220 go\r\n"), () => true);
  assert.equal(parser.unused.length, 0);
  parser.push(Buffer.from("250-fake.example\r\n250-AUTH PL"), () => true);
  assert.equal(Buffer.from(parser.unused).toString(), "250-fake.example\r\n250-AUTH PL");
  assert.equal(parser.received, 37);
});

test("the octets kept of a chunk do not change if its owner overwrites it", () => {
  const parser = new ReplyParser(new Concealment(), "mx.example:587");
  const chunk = Buffer.from("250 he");
  const lines: (readonly string[])[] = [];
  parser.push(chunk, () => true);
  chunk.fill(0);
  parser.push(Buffer.from("llo\r\n"), (reply) => {
    lines.push(reply.lines);
    return true;
  });
  assert.deepEqual(lines, [["hello"]]);
});

test("the evidence of a malformed reply is escaped and cut short", () => {
  const octets = `250 \x1b[2J\n${"x".repeat(1000)}`;
  assert.throws(
    () => hear(octets),
    (error) =>
      error instanceof ProtocolError && error.evidence.startsWith("250 \\x1b[2J\\n") && error.evidence.length < 300,
  );
});

const text = fc.string({ unit: "grapheme", maxLength: 40 }).map((some) => some.replace(/[\r\n\0]/g, "?"));
const reply = fc.record(
  { code: fc.integer({ min: 200, max: 599 }), lines: fc.array(text, { minLength: 1, maxLength: 5 }) },
  { noNullPrototype: true },
);

test("replies and their positions are the same however the octets are cut", () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 30 }), (replies, cuts) => {
      const written = replies.map(({ code, lines }) =>
        lines.map((line, index) => `${code}${index === lines.length - 1 ? " " : "-"}${line}\r\n`).join(""),
      );
      const octets = Buffer.from(written.join(""));
      const edges = [0, ...cuts.filter((cut) => cut < octets.length).toSorted((one, other) => one - other)];
      const chunks = edges.map((edge, index) => octets.subarray(edge, edges[index + 1] ?? octets.length));
      let from = 0;
      const expected = replies.map((one, index) => {
        const began = from;
        from += Buffer.byteLength(written[index] ?? "");
        return { ...one, from: began };
      });
      assert.deepEqual(hear(...chunks), expected);
    }),
  );
});

test("any octets make replies or a malformed-reply error", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom("250", " ", "-", "\r\n", "\r", "\n", "ok", "\0")),
        {
          maxLength: 30,
        },
      ),
      (chunks) => {
        try {
          for (const { code, lines } of hear(...chunks)) {
            assert.ok(code >= 200 && code <= 599);
            for (const line of lines) assert.doesNotMatch(line, /[\r\n\0]/);
          }
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      },
    ),
  );
});

test("octets that come while the sink runs are read after those that came with its reply", () => {
  const parser = new ReplyParser(new Concealment(), "mx.example:587");
  const heard: Heard[] = [];
  const sink = ({ code, lines }: Reply, from: number): boolean => {
    heard.push({ code, lines, from });
    if (code === 250) parser.push(Buffer.from("4 go\r\n221 b"), sink);
    return code !== 354;
  };
  parser.push(Buffer.from("250 o"), sink);
  parser.push(Buffer.from("k\r\n35"), sink);
  assert.deepEqual(heard, [
    { code: 250, lines: ["ok"], from: 0 },
    { code: 354, lines: ["go"], from: 8 },
  ]);
  assert.equal(Buffer.from(parser.unused).toString(), "221 b");
});

for (const [said, protocol] of [
  ["HTTP/1.1 400 Bad Request\r\n", "HTTP"],
  ["SSH-2.0-OpenSSH_9.2\r\n", "SSH"],
  ["* OK IMAP4rev1 ready\r\n", "IMAP"],
  ["+OK ready\r\n", "POP3"],
] as const) {
  test(`a server that speaks ${protocol} is named with its port, and so is what it speaks`, () => {
    const parser = new ReplyParser(new Concealment(), "mx.example:587");
    assert.throws(() => parser.push(Buffer.from(said), () => true), {
      code: "MAIL_PROTOCOL_MALFORMED_REPLY",
      message: new RegExp(`mx\\.example:587 .* speaks ${protocol}, it seems`),
    });
  });
}
