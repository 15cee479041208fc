/** Mailboxes of every shape: each is accepted as it was written or refused, as it should be, or the difference is listed. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compare, type Verdict } from "../difference.ts";
import { addressed, written } from "../probe.ts";
import { addressCases } from "./cases.ts";
import { differences } from "./differences.ts";
import { isemailCases } from "./isemail.ts";
import { MAILBOX, namedCases } from "./named-cases.ts";

interface Result {
  readonly id: string;
  readonly address: string;
  readonly right: Verdict;
  readonly verdict: Verdict;
  readonly path: string | undefined;
}

const results: Result[] = [];
before(async () => {
  for (const one of [...addressCases, ...isemailCases()]) {
    const path = await written(one.address);
    results.push({ ...one, path, verdict: path === undefined ? "refused" : "accepted" });
  }
  for (const { text, ...one } of namedCases) {
    const path = await addressed(text);
    results.push({ ...one, address: MAILBOX, path, verdict: path === undefined ? "refused" : "accepted" });
  }
});

test("each case has its own name, and none is lost", () => {
  assert.equal(new Set(results.map(({ id }) => id)).size, results.length);
  assert.ok(results.length > 400, `only ${results.length}`);
});

test("every mailbox is accepted or refused as it should be, apart from the listed differences", () => {
  assert.deepEqual(compare(differences, results), { unlisted: [], vanished: [] });
});

test("an accepted mailbox is written as it came, unless its domain has to become A-labels", () => {
  const changed = results.filter(({ address, path }) => path !== undefined && path !== address);
  assert.deepEqual(
    changed.map(({ id, path }) => [id, path]),
    [["unicode/and-a-U-label", "用户@xn--r8jz45g.xn--zckzah"]],
  );
});
