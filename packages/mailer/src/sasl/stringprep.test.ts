import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { saslprep } from "./stringprep.ts";
import * as tables from "./stringprep-tables.ts";

/** Planes 3 to 13 have no characters, and 15 and 16 are for private use as a whole: their ends are enough. */
const POINTS: readonly number[] = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  (point) =>
    point < 0x30000 || (point >= 0xe0000 && point < 0xe1000) || (point & 0xffff) < 8 || (point & 0xffff) > 0xfff0,
);

/** Prints a line for each table: whether it has the code point, for each that it reads. */
const PYTHON = `
import sys
import stringprep as s
points = [chr(int(word)) for word in sys.stdin.read().split()]
prohibited = lambda c: any(f(c) for f in (s.in_table_c12, s.in_table_c21_c22, s.in_table_c3, s.in_table_c4, s.in_table_c5,
    s.in_table_c6, s.in_table_c7, s.in_table_c8, s.in_table_c9))
for f in (s.in_table_a1, s.in_table_b1, s.in_table_c12, prohibited, s.in_table_d1, s.in_table_d2):
    print("".join("1" if f(c) else "0" for c in points))
`;

test("the tables are those of RFC 3454, for every code point that may be a character", () => {
  const input = POINTS.join(" ");
  const printed = execFileSync("python3", ["-c", PYTHON], { encoding: "utf8", input, maxBuffer: 1 << 24 });
  const { UNASSIGNED, NOTHING, SPACES, PROHIBITED, RIGHT_TO_LEFT, LEFT_TO_RIGHT } = tables;
  const python = printed.trimEnd().split("\n");
  for (const [index, table] of [UNASSIGNED, NOTHING, SPACES, PROHIBITED, RIGHT_TO_LEFT, LEFT_TO_RIGHT].entries()) {
    const held = new Set<number>();
    for (const range of table.trim().split(/\s+/)) {
      const [from = 0, to = from] = range.split("-").map((word) => Number.parseInt(word, 16));
      for (let point = from; point <= to; point += 1) held.add(point);
    }
    const different = POINTS.filter((point, at) => held.has(point) !== (python[index]?.[at] === "1"));
    assert.deepEqual(different, [], `table ${index}`);
  }
});

for (const [what, text, prepared] of [
  ["a soft hyphen vanishes", "I\u00adX", "IX"],
  ["a space of another width is a space", "a\u3000b", "a b"],
  ["compatible characters become one", "\u2168\u00aa\ufb01", "IXafi"],
  ["letters and marks become one character", "e\u0301", "\u00e9"],
  ["Arabic begins and ends with Arabic", "\u0627\u0031\u0628", "\u0627\u0031\u0628"],
  ["Arabic that ends with a digit is refused", "\u0627\u0031", undefined],
  ["Arabic with a Latin letter in it is refused", "\u0627a\u0628", undefined],
  ["a control character is refused", "a\u0007", undefined],
  ["a character for private use is refused", "a\ue000", undefined],
  ["a tag is refused", "a\u{e0041}", undefined],
  ["an emoji is refused", "\u{1f600}", undefined],
  ["a newer character that only newer tables of NFKC make digits is refused", "\u{1f101}", undefined],
] as const)
  test(what, () => assert.equal(saslprep(text, false), prepared));

test("a query may hold code points that are newer than Unicode 3.2, a stored string may not", () => {
  assert.equal(saslprep("\u{1f600}", true), "\u{1f600}");
  assert.equal(saslprep("\u{1f600}", false), undefined);
});
