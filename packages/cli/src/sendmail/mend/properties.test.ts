/** What mending must never do, for any message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CommandError } from "../../command-error.ts";
import { parseAddressList } from "../address-list.ts";
import { formatSource, parseSource, type Source } from "../source.ts";
import { mend } from "./mend.ts";

const NAMES = ["From", "To", "Cc", "Bcc", "Subject", "X-A", "Content-Type", "References", "DKIM-Signature", "ARC-Seal"];
const PIECES = [
  ...'ü a@x.test|b@y.test|Jörg|"Doe, Jörg"|(Zoë)|(a (b)|<c@z.test>|<|>|,|;|:|\\|(|)|=?UTF-8?B?w7w=?=|=?|\r|\t|  '.split(
    "|",
  ),
  ..."word|Größe|Bcc: victim@x.test|multipart/signed|text/plain|multipart/mixed|\u00e0|\u2028".split("|"),
  " ",
  "x".repeat(500),
  "long ".repeat(210),
];
const value = fc.array(fc.constantFrom(...PIECES, "\n ", "\r\n\t"), { maxLength: 8 }).map((pieces) => pieces.join(""));
const field = fc.tuple(fc.constantFrom(...NAMES), value).map(([name, text]) => `${name}: ${text}`);
const body = fc
  .array(fc.constantFrom(...PIECES, "\n", "\r\n", "\r\r\n", "\0", ".", "-----BEGIN PGP SIGNED MESSAGE-----\n"), {
    maxLength: 10,
  })
  .map((pieces) => pieces.join(""));
const message = fc
  .tuple(fc.array(field, { maxLength: 5 }), body)
  .map(([fields, text]) => parseSource(Buffer.from(`${fields.join("\n")}\n\n${text}`), false));

const RUNS = { numRuns: 1000 };

/** `undefined` if it is refused. */
function mendedOf(source: Source): Source | undefined {
  try {
    return mend(source);
  } catch (error) {
    assert.ok(error instanceof CommandError && error.code === "CLI_INPUT", String(error));
    return undefined;
  }
}

function octets(source: Source): Buffer {
  return Buffer.from(formatSource(source));
}

test("mending twice changes nothing more", () => {
  fc.assert(
    fc.property(message, (source) => {
      const once = mendedOf(source);
      if (once === undefined) return;
      assert.deepEqual(mend(once), once);
      assert.deepEqual(octets(mend(parseSource(octets(once), false))), octets(once));
    }),
    RUNS,
  );
});

test("no field appears or goes, but for those that say how the body is encoded", () => {
  const own = /^(?:mime-version|content-type|content-transfer-encoding)$/i;
  const namesIn = ({ fields }: Source): readonly string[] =>
    fields.map(({ name }) => name).filter((name) => !own.test(name));
  fc.assert(
    fc.property(message, (source) => {
      const mended = mendedOf(source);
      if (mended === undefined) return;
      assert.deepEqual(namesIn(mended), namesIn(source));
      // As a reader finds them in the octets that are sent.
      assert.deepEqual(namesIn(parseSource(octets(mended), false)), namesIn(source));
    }),
    RUNS,
  );
});

test("no CR without LF is left, and a header with one is refused", () => {
  fc.assert(
    fc.property(message, (source) => {
      const mended = mendedOf(source);
      if (source.fields.some((one) => /\r(?!\n)/.test(one.value))) assert.equal(mended, undefined);
      if (mended !== undefined) assert.doesNotMatch(octets(mended).toString("latin1"), /\r(?!\n)|(?<!\r)\n/);
    }),
    RUNS,
  );
});

test("no list of addresses names anybody else, or in another order", () => {
  const listed = ({ fields }: Source): readonly string[] =>
    fields.flatMap(({ name, value: text }) => {
      try {
        return parseAddressList(text, name).map(({ address }) => address);
      } catch {
        return [`${name} is refused`];
      }
    });
  fc.assert(
    fc.property(message, (source) => {
      const lists = { ...source, fields: source.fields.filter(({ name }) => /^(?:from|to|cc|bcc)$/i.test(name)) };
      const mended = mendedOf(lists);
      if (mended !== undefined) assert.deepEqual(listed(mended).slice(0, listed(lists).length), listed(lists));
    }),
    RUNS,
  );
});

test("what is signed is not changed by an octet", () => {
  fc.assert(
    fc.property(message, fc.constantFrom("DKIM-Signature", "DomainKey-Signature", "ARC-Seal"), (source, name) => {
      const signed = { ...source, fields: [...source.fields, { name, value: " v=1" }] };
      const mended = mendedOf(signed);
      if (mended !== undefined) assert.deepEqual(octets(mended), octets(signed));
    }),
    RUNS,
  );
});
