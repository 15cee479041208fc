import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CommandError } from "../command-error.ts";
import { lineOf } from "./log.ts";

test("an entry is one line of printable text, whatever a server or a program said", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("\n", "\r", "\u001b", "\u202e", "a", "\u0000", "\u2028") }),
  );
  fc.assert(
    fc.property(text, text, fc.array(text), (message, from, to) => {
      const failed = { kind: "failed", error: new CommandError("CLI_INPUT", message) } as const;
      const line = lineOf(failed, 65, { account: from, envelope: { from, to } });
      assert.match(line, /^failed exit=65 /);
      assert.doesNotMatch(line, /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      assert.ok(line.length <= 900);
    }),
  );
});

test("of many recipients only some are named", () => {
  const to = Array.from({ length: 150 }, (_, index) => `user${index}@x.test`);
  const receipt = { recipients: [], sender: "" };
  const line = lineOf({ kind: "sent", receipt }, 0, { account: "a", envelope: { from: "", to } });
  assert.match(line, /^sent exit=0 account=a from=<> to=<user0@x\.test>,.*<user4@x\.test>,and 145 more$/);
});
