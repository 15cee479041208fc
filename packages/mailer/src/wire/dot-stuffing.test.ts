import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DotStuffer, FINAL_DOT, mostStuffed, stuffInPlace } from "./dot-stuffing.ts";

function stuff(...chunks: readonly (string | Uint8Array)[]): string {
  const stuffer = new DotStuffer();
  return Buffer.concat(chunks.flatMap((chunk) => [...stuffer.push(Buffer.from(chunk))])).toString("latin1");
}

/** RFC 5321 section 4.5.2 taken literally, line by line. */
function stuffedByLines(text: string): string {
  return text
    .split("\r\n")
    .map((line) => (line.startsWith(".") ? `.${line}` : line))
    .join("\r\n");
}

/** The server's side, as an independent state machine: the message, or `undefined` if the final dot is missing or comes early. */
function readMailText(octets: string): string | undefined {
  let message = "";
  let rest = octets;
  for (;;) {
    const end = rest.indexOf("\r\n");
    if (end === -1) return undefined;
    const line = rest.slice(0, end);
    rest = rest.slice(end + 2);
    if (line === ".") return rest === "" ? message : undefined;
    message += `${line.replace(/^\./, "")}\r\n`;
  }
}

const cases: readonly (readonly [string, readonly string[], string])[] = [
  ["a dot at the start of the message", [".a\r\n"], "..a\r\n"],
  ["a dot at the start of a line", ["a\r\n.b\r\n"], "a\r\n..b\r\n"],
  ["a line of one dot", ["a\r\n.\r\nb\r\n"], "a\r\n..\r\nb\r\n"],
  ["two dots", ["..\r\n"], "...\r\n"],
  ["lines of dots", [".\r\n.\r\n"], "..\r\n..\r\n"],
  ["a dot inside a line", ["a.b\r\n"], "a.b\r\n"],
  ["a dot after a bare LF", ["a\n.b\r\n"], "a\n.b\r\n"],
  ["a dot after a bare CR", ["a\r.b\r\n"], "a\r.b\r\n"],
  ["a cut before the dot", ["a\r\n", ".b\r\n"], "a\r\n..b\r\n"],
  ["a cut before LF and dot", ["a\r", "\n.b\r\n"], "a\r\n..b\r\n"],
  ["a cut before CRLF and dot", ["a", "\r\n.b\r\n"], "a\r\n..b\r\n"],
  ["a cut on both sides of LF", ["a\r", "\n", ".b\r\n"], "a\r\n..b\r\n"],
  ["a cut after the dot", ["a\r\n.", "b\r\n"], "a\r\n..b\r\n"],
  ["a cut between two dots", [".", ".\r\n"], "...\r\n"],
  ["an empty chunk before the dot", ["a\r\n", "", ".b\r\n"], "a\r\n..b\r\n"],
  ["LF at a chunk's start without its CR", ["a", "\n", ".b\r\n"], "a\n.b\r\n"],
  ["CR, CR, LF, dot", ["a\r", "\r\n.b\r\n"], "a\r\r\n..b\r\n"],
];
for (const [name, chunks, expected] of cases) {
  test(`stuffing goes by position: ${name}`, () => {
    assert.equal(stuff(...chunks), expected);
  });
}

test("the final dot is a dot and CRLF", () => {
  assert.equal(Buffer.from(FINAL_DOT).toString(), ".\r\n");
});

test("only the octets of a view are stuffed, not those around it", () => {
  const around = Buffer.from("....a\r\n.b\r\n....");
  assert.equal(stuff(new Uint8Array(around.buffer, around.byteOffset + 4, 7)), "a\r\n..b\r\n");
});

const message = fc
  .array(fc.constantFrom("a", ".", "..", "\r\n", "\r\n.", "\r", "\n", ".\r\n", "é"), { maxLength: 40 })
  .map((pieces) => pieces.join(""));
const cuts = fc.array(fc.nat(80), { maxLength: 12 });

function cut(octets: Buffer, at: readonly number[]): readonly Buffer[] {
  const edges = [0, ...at.filter((edge) => edge <= octets.length).toSorted((one, other) => one - other)];
  return edges.map((edge, index) => octets.subarray(edge, edges[index + 1] ?? octets.length));
}

test("stuffing follows the rule line by line, however the message is cut", () => {
  fc.assert(
    fc.property(message, cuts, (some, at) => {
      const octets = Buffer.from(some);
      assert.equal(stuff(...cut(octets, at)), stuffedByLines(octets.toString("latin1")));
    }),
  );
});

test("a whole message is stuffed in place, within the size that mostStuffed gives, and nothing around it changes", () => {
  fc.assert(
    fc.property(message, fc.nat(5), (some, at) => {
      const octets = Buffer.from(some);
      const most = mostStuffed(octets.length);
      const target = Buffer.alloc(at + most + 5, "#");
      octets.copy(target, at);
      const end = stuffInPlace(target, at, at + octets.length);
      assert.ok(end <= at + most);
      assert.equal(target.toString("latin1", at, end), stuffedByLines(octets.toString("latin1")));
      assert.match(target.toString("latin1", 0, at) + target.toString("latin1", at + most), /^#+$/);
    }),
  );
});

test("a server that reads up to the final dot gets the whole message back, and never an earlier end", () => {
  fc.assert(
    fc.property(message, cuts, (some, at) => {
      const octets = Buffer.from(`${some}\r\n`);
      const sent = stuff(...cut(octets, at)) + Buffer.from(FINAL_DOT).toString();
      assert.equal(readMailText(sent), octets.toString("latin1"));
    }),
  );
});
