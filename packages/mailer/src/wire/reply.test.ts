import assert from "node:assert/strict";
import { test } from "node:test";
import { describeReply, enhancedStatusOf, factsOf, severityOf } from "./reply.ts";

test("an unknown code has the severity of its first digit", () => {
  const severities = [200, 299, 300, 399, 400, 499, 500, 599].map((code) => severityOf({ code, lines: [""] }));
  assert.deepEqual(severities, [
    "success",
    "success",
    "intermediate",
    "intermediate",
    "transient",
    "transient",
    "permanent",
    "permanent",
  ]);
});

const statuses: readonly (readonly [number, string, string | undefined])[] = [
  [250, "2.1.0 Sender ok", "2.1.0"],
  [550, "5.7.509 Access denied", "5.7.509"],
  [451, "4.7.1", "4.7.1"],
  [550, "4.7.1 another class than the code", undefined],
  [354, "3.0.0 no such class", undefined],
  [250, "2.1.0x", undefined],
  [250, "2.1000.0 too many digits", undefined],
  [250, "see 2.1.0 ", undefined],
  [250, "", undefined],
];
for (const [code, line, expected] of statuses) {
  test(`the enhanced status code of "${code} ${line}" is ${expected ?? "none"}`, () => {
    assert.equal(enhancedStatusOf({ code, lines: [line] }), expected);
  });
}

test("a reply without lines has no enhanced status code", () => {
  assert.equal(enhancedStatusOf({ code: 250, lines: [] }), undefined);
});

test("the facts of a reply are one line, with the status code once and control characters escaped", () => {
  const facts = factsOf({ code: 550, lines: ["5.1.1 No such\x1b[2J user", "5.1.1 here"] });
  assert.deepEqual(facts, { code: 550, enhanced: "5.1.1", text: "No such\\x1b[2J user here" });
  assert.equal(describeReply(facts), "550 5.1.1 No such\\x1b[2J user here");
});

test("what only looks like a status code is quoted as it was said", () => {
  assert.deepEqual(factsOf({ code: 550, lines: ["2.1.5 no"] }), { code: 550, text: "2.1.5 no" });
  assert.equal(describeReply(factsOf({ code: 550, lines: ["2.1.5 no"] })), "550 2.1.5 no");
  const second = factsOf({ code: 550, lines: ["5.1.1 no", "2.1.5 yes"] });
  assert.deepEqual(second, { code: 550, enhanced: "5.1.1", text: "no 2.1.5 yes" });
});

test("a reply that answers part of a transaction says which, and each use of it has its own facts", () => {
  const reply = { code: 550, lines: ["5.7.1 no"] };
  for (const stage of ["mail", "recipient", "data", "message"] as const)
    assert.deepEqual(factsOf(reply, stage), { code: 550, enhanced: "5.7.1", text: "no", stage });
  assert.deepEqual(factsOf(reply), { code: 550, enhanced: "5.7.1", text: "no" });
});

test("a reply without a status code or a text is described by what it has", () => {
  assert.deepEqual(factsOf({ code: 250, lines: ["ok"] }), { code: 250, text: "ok" });
  assert.equal(describeReply(factsOf({ code: 250, lines: ["ok"] })), "250 ok");
  assert.equal(describeReply(factsOf({ code: 220, lines: [""] })), "220");
});
