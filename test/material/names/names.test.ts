/** Domain names of every shape: each is accepted in its right form or refused, as it should be, or the difference is listed. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compare, type Verdict } from "../difference.ts";
import { dialled, written } from "../probe.ts";
import { nameCases } from "./cases.ts";
import { differences } from "./differences.ts";

interface Result {
  readonly id: string;
  readonly right: Verdict;
  readonly verdict: Verdict;
  /** What goes over the wire, and what should. */
  readonly forms: readonly [form: string, right: string];
}

const results: Result[] = [];
before(async () => {
  for (const { id, name, right, form = name, asMailbox = right } of nameCases) {
    results.push(result(`host/${id}`, right, await dialled(name), form));
    // A mailbox of more than 254 octets is refused for its length, whatever its domain.
    if (name.length <= 252)
      results.push(result(`mailbox/${id}`, asMailbox, (await written(`a@${name}`))?.slice(2), form));
  }
});

function result(id: string, right: Verdict, form: string | undefined, expected: string): Result {
  // ASCII keeps its case in a mailbox, and is lower case in a host.
  return {
    id,
    right,
    verdict: form === undefined ? "refused" : "accepted",
    forms: [(form ?? "").toLowerCase(), expected.toLowerCase()],
  };
}

test("each case has its own name, and none is lost", () => {
  assert.equal(new Set(results.map(({ id }) => id)).size, results.length);
  assert.ok(results.length > 290, `only ${results.length}`);
});

test("every name is accepted or refused as it should be, apart from the listed differences", () => {
  assert.deepEqual(compare(differences, results), { unlisted: [], vanished: [] });
});

test("an accepted name goes over the wire in its right form", () => {
  const rightly = results.filter(({ right, verdict }) => right === "accepted" && verdict === "accepted");
  assert.deepEqual(
    rightly.map(({ id, forms }) => [id, forms[0]]),
    rightly.map(({ id, forms }) => [id, forms[1]]),
  );
});
