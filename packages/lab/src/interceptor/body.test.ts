/** Where a body ends, however it is cut. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { passDotted, passOctets } from "./body.ts";

/** Gives out the pieces one after the other, and keeps what was passed on and what was given back. */
function wire(...pieces: readonly string[]) {
  const left = pieces.map((piece) => Buffer.from(piece, "latin1"));
  const kept = { passed: "", unread: "" };
  return {
    kept,
    some: async (most: number = Infinity) => {
      const [next] = left;
      if (next === undefined) return undefined;
      if (next.length > most) left[0] = next.subarray(most);
      else left.shift();
      return next.subarray(0, most);
    },
    unread: (octets: Buffer) => {
      kept.unread = octets.toString("latin1");
    },
    write: async (octets: Buffer | string) => {
      kept.passed += octets.toString("latin1");
    },
  };
}

const body = "..one\r\n.\rtwo\n.\n\r\n";
const dotted = `${body}.\r\n`;

suite("a body up to its final dot", () => {
  test("ends at the dot, wherever it is cut in three", async () => {
    const all = `${dotted}QUIT\r\n`;
    for (let one = 0; one <= all.length; one += 1) {
      for (let two = one; two <= all.length; two += 1) {
        const pieces = [all.slice(0, one), all.slice(one, two), all.slice(two)].filter((piece) => piece !== "");
        const through = wire(...pieces);
        assert.equal(await passDotted(through, through), body.length);
        assert.equal(through.kept.passed, dotted);
        assert.ok("QUIT\r\n".startsWith(through.kept.unread));
      }
    }
  });

  test("may be empty", async () => {
    const through = wire(".\r", "\n", "QUIT\r\n");
    assert.equal(await passDotted(through, through), 0);
    assert.equal(through.kept.passed, ".\r\n");
  });

  test("counts as far as it came where the client goes within it", async () => {
    const through = wire("one\r\n", ".\r");
    assert.equal(await passDotted(through, through), 7);
  });
});

test("so many octets are passed on and no more, and a client that goes before them leaves fewer", async () => {
  const enough = wire("on", "etwo");
  assert.equal(await passOctets(enough, enough, 3), 3);
  assert.equal(enough.kept.passed, "one");
  const few = wire("on");
  assert.equal(await passOctets(few, few, 3), 2);
});
