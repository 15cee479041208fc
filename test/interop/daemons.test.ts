/** What daemons give to sendmail: Postseal delivers nearly all of it, and docs/reference/sendmail-inputs.md says what it refuses, and why. */
import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { compare, inputs, type Row } from "./daemons/comparison.ts";
import { readTable, tableOf } from "./daemons/page.ts";
import { readByPostalMime } from "./reader.ts";

const PAGE = new URL("../../docs/reference/sendmail-inputs.md", import.meta.url);

let rows: readonly Row[] = [];
before(async () => {
  rows = await compare();
});

function isDeliveredBy(row: Row, wanted: string): boolean {
  return row.fates.some(({ program, isDelivered }) => program === wanted && isDelivered);
}

test("there are a hundred inputs and more, each with a name of its own", () => {
  assert.ok(inputs.length >= 100, String(inputs.length));
  assert.equal(new Set(inputs.map(({ what }) => what)).size, inputs.length);
});

test("Postseal delivers at least 90 of a hundred", () => {
  const delivered = rows.filter((row) => isDeliveredBy(row, "postseal"));
  assert.ok(delivered.length >= inputs.length * 0.9, `${delivered.length} of ${inputs.length}`);
});

test("Postseal refuses nothing that msmtp and Postfix deliver, but for a reason that stands in the table", () => {
  const refused = rows.filter((row) => !isDeliveredBy(row, "postseal"));
  const bare = refused.filter(({ input }) => input.why === undefined).map(({ input }) => input.what);
  assert.deepEqual(bare, []);
  // A reason that is no longer needed goes.
  const idle = rows.filter((row) => row.input.why !== undefined && isDeliveredBy(row, "postseal"));
  assert.deepEqual(
    idle.map(({ input }) => input.what),
    [],
  );
});

test("what Postseal does not deliver, its exit code says", () => {
  const wrong = rows.filter((row) =>
    row.fates.some(({ program, code, isDelivered }) => program === "postseal" && (code === 0) !== isDelivered),
  );
  assert.deepEqual(
    wrong.map(({ input }) => input.what),
    [],
  );
});

test("a text that was mended reads as it was given", async () => {
  let compared = 0;
  for (const { input, given, fates } of rows) {
    const { delivered } = fates.find(({ program }) => program === "postseal") ?? {};
    if (delivered === undefined || !isPlain(given)) continue;
    const [text = ""] = (await readByPostalMime(Buffer.from(delivered, "latin1"))).texts;
    assert.equal(text.trim(), bodyOf(given).trim(), input.what);
    compared += 1;
  }
  assert.ok(compared >= 75, String(compared));
});

/** One text, in no encoding of its own and in UTF-8, without a line that could end it. */
function isPlain(given: string): boolean {
  return (
    isUtf8(Buffer.from(given, "latin1")) &&
    !/^content-type: (?:multipart|text\/html)|encoding: (?:base64|quoted)|^\.$/im.test(given)
  );
}

/** By the rules of the guide: a CR is a space, CR CR LF a line end. */
function bodyOf(given: string): string {
  const text = Buffer.from(given, "latin1").toString("utf8").replace(/\r+\n/g, "\n").replaceAll("\r", " ");
  return /^[\w-]+:|^From /.test(text) ? text.slice(text.indexOf("\n\n")) : text;
}

test("the page has the table of this run: npm run docs:daemons writes it", () => {
  assert.deepEqual(readTable(readFileSync(PAGE, "utf8")), tableOf(rows));
});
