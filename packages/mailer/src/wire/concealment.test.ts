import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Concealment } from "./concealment.ts";

function knowing(...secrets: readonly string[]): Concealment {
  const concealment = new Concealment();
  for (const secret of secrets) concealment.add([secret]);
  return concealment;
}

test("without a secret everything may be shown, and nothing is copied", () => {
  const lines = ["one", "two"];
  for (const concealment of [new Concealment(), knowing("hunter2")]) {
    assert.equal(concealment.strikeLines(lines), lines);
    assert.equal(concealment.strike("hunter"), "hunter");
  }
});

test("a secret is struck out wherever it is, and overlapping secrets get one mark", () => {
  const concealment = knowing("hunter2", "ter2-and");
  assert.equal(concealment.strike("hunter2 ahunter2b hunter2-and hunter"), "[secret] a[secret]b [secret] hunter");
});

const split: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["at its space", "correct horse", ["is correct", "horse."], ["is [secret]", "[secret]."]],
  ["with a space on either side", "correct horse", ["is correct ", " horse."], ["is [secret] ", " [secret]."]],
  ["in the middle of a word", "hunter2", ["is hun", "ter2."], ["is [secret]", "[secret]."]],
  ["after a status code", "correct horse", ["5.7.8 correct", "5.7.8 horse"], ["5.7.8 [secret]", "5.7.8 [secret]"]],
  ["over three lines", "a b-c d-e", ["5.7.8 a", "b-c", "d-e"], ["5.7.8 [secret]", "[secret]", "[secret]"]],
  ["with an empty line", "correct horse", ["correct", "", "horse"], ["[secret]", "", "[secret]"]],
  ["within one of the lines", "correct horse", ["correct horse", "no"], ["[secret]", "no"]],
  ["with a status code of its own", "on 5.1.1 off", ["on 5.1.1 off", "no"], ["[secret]", "no"]],
];
for (const [how, secret, lines, shown] of split) {
  test(`a secret in several lines is struck out: ${how}`, () => {
    assert.deepEqual(knowing(secret).strikeLines(lines), shown);
  });
}

test("of what is cut off, no piece of a secret is left at the end", () => {
  const concealment = knowing("hunter2");
  assert.equal(concealment.excerpt("said hunter", 200), "said [secret]");
  assert.equal(concealment.excerpt("said hunter2", 200), "said [secret]");
  assert.equal(concealment.excerpt("said hun", 200), "said hun");
  assert.equal(concealment.excerpt(`${"x".repeat(197)}hunter2`, 200), `${"x".repeat(197)}[se`);
  assert.equal(concealment.excerpt("220-hun\r\n220 ter2\r\n", 200), "220-[secret]\r\n220 [secret]\r\n");
});

test("the secret of every login is never forgotten, and the list does not grow for ever", () => {
  const concealment = new Concealment();
  const proof = (at: number): string => `proof-${at}.`;
  for (let at = 0; at < 200; at += 1) {
    concealment.add(["hunter2"]);
    concealment.add([proof(at)]);
  }
  assert.equal(concealment.strike("hunter2"), "[secret]");
  for (let at = 170; at < 200; at += 1) assert.equal(concealment.strike(proof(at)), "[secret]");
  assert.equal(concealment.strike(proof(100)), proof(100));
});

test("adding a secret that is already known does not mark earlier text as stale", () => {
  const concealment = knowing("hunter2");
  const { revision } = concealment;
  concealment.add(["hunter2"]);
  concealment.add([]);
  assert.equal(concealment.revision, revision);
  concealment.add(["another"]);
  assert.ok(concealment.revision > revision);
});

test("however lines, status codes and white space break up a secret, none of it is shown", () => {
  const secret = fc.stringMatching(/^[a-z][a-z ]{4,12}[a-z]$/).filter((text) => text.replace(/\s/g, "").length >= 4);
  const noise = fc.stringMatching(/^[0-9]{0,4}$/);
  fc.assert(
    fc.property(
      secret,
      fc.array(fc.nat(20), { maxLength: 4 }),
      noise,
      noise,
      fc.boolean(),
      (text, cuts, left, right, coded) => {
        const edges = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].toSorted(
          (a, b) => a - b,
        );
        const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
        const lines = pieces.map(
          (piece, index) =>
            `${coded ? "5.7.8 " : ""}${index === 0 ? left : ""}${piece}${index === pieces.length - 1 ? right : ""}`,
        );
        const shown = knowing(text).strikeLines(lines);
        assert.equal(shown.length, lines.length);
        for (const line of shown) assert.doesNotMatch(line.replaceAll("[secret]", ""), /[a-z]/);
      },
    ),
  );
});
