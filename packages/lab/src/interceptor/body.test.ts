/** Where a body ends, however it is cut. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { passDotted, passOctets } from "./body.ts";

/** Yields the pieces in turn, and keeps what was passed on and what was put back. */
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

  test("is counted as far as it came if the client closes within it", async () => {
    const through = wire("one\r\n", ".\r");
    assert.equal(await passDotted(through, through), 7);
  });
});

test("exactly as many octets are passed on as asked for, or fewer if the client closes before", async () => {
  const enough = wire("on", "etwo");
  assert.equal(await passOctets(enough, enough, 3), 3);
  assert.equal(enough.kept.passed, "one");
  const few = wire("on");
  assert.equal(await passOctets(few, few, 3), 2);
});
