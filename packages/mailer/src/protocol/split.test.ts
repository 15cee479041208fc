import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RecipientOutcome, ReplyFacts } from "../outcome/receipt.ts";
import { offer, prepared } from "./conversation.test.ts";
import { assertRepeatable, hasTooMany, isOneTooMany, partOf } from "./split.ts";

const to = ["a@x.example", "b@y.example", "c@X.example", "d@z.example", "e@y.example"];

function paths(limits: Parameters<typeof partOf>[1]): readonly string[] {
  return partOf(prepared(to), limits).envelope.forwardPaths;
}

test("a message within the limits is its own part", () => {
  const message = prepared(to);
  assert.equal(partOf(message, { recipients: Infinity, domains: Infinity }), message);
  assert.equal(partOf(message, { recipients: 5, domains: 3 }), message);
});

test("a part has as many recipients as RCPTMAX allows, in their order", () => {
  assert.deepEqual(paths({ recipients: 2, domains: Infinity }), ["a@x.example", "b@y.example"]);
});

test("a part has all recipients of as many domains as RCPTDOMAINMAX allows; their case does not matter", () => {
  assert.deepEqual(paths({ recipients: Infinity, domains: 1 }), ["a@x.example", "c@X.example"]);
  assert.deepEqual(paths({ recipients: Infinity, domains: 2 }), [
    "a@x.example",
    "b@y.example",
    "c@X.example",
    "e@y.example",
  ]);
  assert.deepEqual(paths({ recipients: 1, domains: 2 }), ["a@x.example"]);
});

test("over all parts each recipient gets the message once, and no part exceeds a limit", () => {
  const limit = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Infinity));
  const addresses = fc.uniqueArray(
    fc.tuple(fc.nat(9), fc.nat(4)).map(([who, where]) => `r${who}@d${where}.example`),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(addresses, limit, limit, (all, recipients, domains) => {
      const got: string[] = [];
      for (let left = all; left.length > 0; left = left.filter((address) => !got.includes(address))) {
        const { forwardPaths } = partOf(prepared(left), { recipients, domains }).envelope;
        assert.ok(forwardPaths.length > 0 && forwardPaths.length <= recipients);
        assert.ok(new Set(forwardPaths.map((path) => path.split("@")[1])).size <= domains);
        got.push(...forwardPaths);
      }
      assert.deepEqual(got.toSorted(), all.toSorted());
    }),
  );
});

test("zero, or anything but a number, limits nothing; the first of two limits counts, whatever the case of its name", () => {
  for (const keyword of ["LIMITS", "LIMITS RCPTMAX=0", "LIMITS RCPTMAX=many", "LIMITS MAILMAX=1"])
    assert.equal(offer(keyword).limit("RCPTMAX"), undefined, keyword);
  const limits = offer("limits rcptmax=7 MAILMAX=3 MAILMAX=9 RcptDomainMax=2");
  assert.deepEqual([limits.limit("RCPTMAX"), limits.limit("MAILMAX"), limits.limit("RCPTDOMAINMAX")], [7, 3, 2]);
});

test("a message that can be read once is not begun if it would go in parts", () => {
  const message = prepared(to, { replayable: false });
  const part = partOf(message, { recipients: 2, domains: Infinity });
  assert.throws(() => assertRepeatable(message, part, "mx.example:587"), {
    code: "MAIL_CAPABILITY_MISSING",
    message: /A message to 5 recipients goes to mx\.example:587 in parts of 2/,
  });
  assertRepeatable(message, message, "mx.example:587");
  assertRepeatable(prepared(to), part, "mx.example:587");
});

test("452 to RCPT says that there are too many recipients, unless its status says something else", () => {
  const refused = (reply: ReplyFacts): RecipientOutcome => ({ address: "a@x.example", outcome: "deferred", reply });
  const said = { code: 452, text: "no", stage: "recipient" } as const;
  assert.equal(isOneTooMany(refused(said)), true);
  assert.equal(isOneTooMany(refused({ ...said, enhanced: "4.5.3" })), true);
  assert.equal(isOneTooMany(refused({ ...said, enhanced: "4.3.1" })), false);
  assert.equal(isOneTooMany(refused({ ...said, stage: "message" })), false);
  assert.equal(isOneTooMany({ address: "a@x.example", outcome: "accepted", reply: said }), false);
});

test("those who are too many go in another transaction only if somebody was accepted", () => {
  const reply = { code: 452, text: "no", stage: "recipient" } as const;
  const refused: RecipientOutcome = { address: "a@x.example", outcome: "deferred", reply };
  const accepted: RecipientOutcome = { address: "b@y.example", outcome: "accepted" };
  assert.equal(hasTooMany(prepared(to), [accepted, refused]), true);
  assert.equal(hasTooMany(prepared(to), [refused]), false);
  assert.equal(hasTooMany(prepared(to), [accepted]), false);
});
