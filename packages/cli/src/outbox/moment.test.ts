import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../command-error.ts";
import { momentOf, spanOf } from "./moment.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

test("a time is a span from now, or has its offset", () => {
  for (const [word, time] of [
    ["90s", "2026-11-28T12:01:30Z"],
    ["2h", "2026-11-28T14:00:00Z"],
    ["7d", "2026-12-05T12:00:00Z"],
    ["2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00Z"],
    ["2026-12-24T18:00Z", "2026-12-24T18:00:00Z"],
  ] as const)
    assert.equal(momentOf(word, "at", NOW).getTime(), Date.parse(time), word);
  assert.equal(spanOf("30m", "older-than"), 30 * 60_000);
});

test("what may mean another time elsewhere, or does not exist, is refused", () => {
  for (const word of [
    "tomorrow",
    "2026-12-24",
    "2026-12-24T18:00:00",
    "2027-02-30T10:00:00Z",
    "24:00",
    "-1h",
    "1w",
    "",
  ])
    assert.throws(() => momentOf(word, "at", NOW), CommandError, word);
  assert.throws(() => spanOf("2026-12-24T18:00Z", "older-than"), /--older-than must be a number and s, m, h or d/);
});
