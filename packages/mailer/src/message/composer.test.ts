/** Two parsers that we did not write read back what the composer writes: postal-mime, and Python's email package. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import PostalMime from "postal-mime";
import type { ComposedMessage } from "./input.ts";
import { prepareMessage } from "./prepare.ts";

interface Facts {
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly custom: string;
  readonly text: string;
  readonly html: string;
  readonly files: readonly { readonly filename: string; readonly base64: string }[];
}

/** Prints one line of JSON for each line of base64 on its input. */
const READER = `
import base64, json, sys
from email import message_from_bytes, policy
def mailboxes(field):
    return [{"name": a.display_name, "address": a.addr_spec} for a in field.addresses]
for line in sys.stdin:
    m = message_from_bytes(base64.b64decode(line), policy=policy.default)
    defects = [repr(d) for part in m.walk() for d in part.defects]
    print(json.dumps({
        "defects": defects,
        "facts": {
            "subject": str(m["subject"]), "from": mailboxes(m["from"])[0], "to": mailboxes(m["to"]), "custom": str(m["x-custom"]),
            "text": m.get_body(("plain",)).get_content().replace("\\r\\n", "\\n"), "html": m.get_body(("html",)).get_content().replace("\\r\\n", "\\n"),
            "files": [{"filename": a.get_filename(), "base64": base64.b64encode(a.get_payload(decode=True)).decode()} for a in m.iter_attachments()],
        },
    }))
`;

const control = /[\p{Cc}\u2028\u2029]/u;
const surrogate = /\p{Surrogate}/u;
const reordering = /[\u202a-\u202e\u2066-\u2069]/;
const awkward = fc.constantFrom(
  '"',
  "\\",
  "=?",
  "?=",
  "_",
  "=",
  " ",
  "  ",
  "\t",
  ",",
  ";",
  "<",
  ">",
  "@",
  "%",
  "'",
  "é",
  "日本",
  "😀",
  "Å",
  ".",
);
const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 90 }),
  fc.string({ maxLength: 120 }),
  fc.array(fc.oneof(awkward, fc.string({ maxLength: 8 })), { maxLength: 40 }).map((pieces) => pieces.join("")),
);
const line = anything.filter((text) => !control.test(text.replaceAll("\t", "")));
/** Without spaces at its ends, which parsers strip. */
const name = line
  .filter((text) => !text.includes("\t"))
  .map((text) => text.trim().slice(0, 200))
  .filter((text) => !reordering.test(text) && !surrogate.test(text) && text.trim() === text);
/** Without quotes or an angle bracket at the start, which Python strips in every encoding. */
const filename = name
  .map((text) => text.replace(/[/\\]/g, "").trim())
  .filter((text) => text !== "" && text !== "." && text !== ".." && !/^["<]/.test(text));
const body = fc
  .array(
    fc.oneof(anything, fc.constantFrom("\r\n", "\n", "\r", "\n.\n", "=", " \r\n", "\t\n", "From ", "x".repeat(1200))),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join("").replaceAll("\0", ""));
const message = fc.record(
  {
    subject: line,
    fromName: name,
    toNames: fc.array(name, { minLength: 1, maxLength: 4 }),
    custom: line,
    text: body,
    html: body,
    files: fc.array(fc.record({ filename, content: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 3 }),
  },
  { noNullPrototype: true },
);
type Made = typeof message extends fc.Arbitrary<infer T> ? T : never;

function toCompose(made: Made): ComposedMessage {
  return {
    from: { name: made.fromName, address: "alice@example.org" },
    to: made.toNames.map((toName, index) => ({ name: toName, address: `r${index}@example.org` })),
    subject: made.subject,
    headers: { "X-Custom": made.custom },
    text: made.text,
    html: made.html,
    attachments: made.files,
  };
}

function factsOf(made: Made): Facts {
  return {
    subject: made.subject,
    from: { name: made.fromName, address: "alice@example.org" },
    to: made.toNames.map((toName, index) => ({ name: toName, address: `r${index}@example.org` })),
    custom: made.custom,
    text: made.text.replace(/\r\n|\r/g, "\n"),
    html: made.html.replace(/\r\n|\r/g, "\n"),
    files: made.files.map((file) => ({
      filename: file.filename,
      base64: Buffer.from(file.content).toString("base64"),
    })),
  };
}

async function written(made: Made): Promise<Buffer> {
  const { content } = await prepareMessage(toCompose(made));
  const octets = Buffer.alloc(content.size ?? 0);
  content.put?.(octets, 0);
  return octets;
}

test("no composed message has a bare CR or LF, a NUL, an octet over 127 or a line over 998", async () => {
  await fc.assert(
    fc.asyncProperty(message, async (made) => {
      const text = (await written(made)).toString("latin1");
      assert.match(text, /^[\x01-\x7f]*\r\n$/);
      assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/);
      assert.ok(text.split("\r\n").every((row) => row.length <= 998));
      const [header = ""] = text.split("\r\n\r\n");
      assert.ok(header.split("\r\n").every((row) => row.trim() !== ""));
      for (const word of header.match(/=\?UTF-8\?[BQ]\?\S*/g) ?? []) assert.ok(word.length <= 75);
    }),
    { numRuns: 200 },
  );
});

test("postal-mime reads back what was composed", async () => {
  await fc.assert(
    fc.asyncProperty(message, async (made) => {
      const read = await PostalMime.parse(await written(made), { attachmentEncoding: "base64" });
      const facts = factsOf(made);
      assert.equal(read.subject ?? "", facts.subject);
      assert.deepEqual([read.from], [facts.from]);
      assert.deepEqual(read.to, facts.to);
      assert.equal(withoutLineEnds(read.text ?? ""), withoutLineEnds(facts.text));
      assert.equal(withoutLineEnds(read.html ?? ""), withoutLineEnds(facts.html));
      const files = read.attachments.map((file) => ({ filename: file.filename, base64: file.content }));
      assert.deepEqual(files, facts.files);
    }),
    { numRuns: 200 },
  );
});

/** postal-mime adds a line end to some bodies and keeps CRLF in others, so only the test with Python checks line ends. */
function withoutLineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(/\n+$/, "");
}

test("Python's email package reads back what was composed, without a defect", async () => {
  const sample = fc.sample(message, 300);
  const lines = await Promise.all(sample.map(async (made) => (await written(made)).toString("base64")));
  const python = spawnSync("/usr/bin/python3", ["-I", "-c", READER], {
    input: `${lines.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.equal(python.status, 0, python.stderr);
  const read = python.stdout.trim().split("\n");
  assert.equal(read.length, sample.length);
  sample.forEach((made, index) => {
    const expected = { defects: [], facts: factsOf(made) };
    assert.deepEqual(JSON.parse(read[index] ?? "", withoutSpaces), JSON.parse(JSON.stringify(expected), withoutSpaces));
  });
});

/** Python keeps the spaces between encoded words of a name, against RFC 2047 section 6.2: the test with postal-mime checks them. */
function withoutSpaces(key: string, value: unknown): unknown {
  return key === "name" && typeof value === "string" ? value.replace(/\s/g, "") : value;
}
