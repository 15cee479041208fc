/** Some seven hundred certificates and chains against the mailer: each is accepted or refused as RFC 5280 and RFC 9525 say, or the difference is listed. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { HOST, show } from "./chain.ts";
import { chainCases } from "./chain-cases.ts";
import { compare } from "../difference.ts";
import { differences } from "./differences.ts";
import { graphCases, showGraph } from "./graph.ts";
import { meet, type Meeting } from "./meet.ts";
import { scopeCases } from "./scope-cases.ts";
import type { Verdict } from "../difference.ts";

interface Result extends Meeting {
  readonly id: string;
  readonly right: Verdict;
}

const results: Result[] = [];
before(async () => {
  for (const { id, right, chain, host = HOST } of [...chainCases, ...scopeCases]) {
    results.push({ id, right, ...(await meet(await show(chain), host)) });
  }
  for (const graph of graphCases()) {
    results.push({ id: graph.id, right: graph.right, ...(await meet(await showGraph(graph), HOST)) });
  }
});

test("each case has its own name, and none is lost", () => {
  assert.equal(new Set(results.map(({ id }) => id)).size, results.length);
  assert.ok(results.length > 700, `only ${results.length}`);
});

test("every certificate is accepted or refused as it should be, apart from the listed differences", () => {
  assert.deepEqual(compare(differences, results), { unlisted: [], vanished: [] });
});

test("the client says nothing to a server whose certificate is refused", () => {
  assert.deepEqual(
    results.filter(({ verdict, said }) => (said === "") !== (verdict === "refused")).map(({ id }) => id),
    [],
  );
});

/** The reasons that an error may give, by kind of case. For name constraints and critical extensions they are OpenSSL's words. */
const reasons: readonly (readonly [cases: RegExp, reasons: readonly string[]])[] = [
  [/^basic\//, ["untrusted-issuer", "MAIL_INPUT_OPTION"]],
  [/^(?:time|root\/time)/, ["expired", "not-yet-valid"]],
  [/^(?:name|wildcard|address)\//, ["wrong-name"]],
  [/^(?:purpose\/|root\/purpose)/, ["wrong-purpose"]],
  [/^(?:hash\/|key\/rsa1024)/, ["weak-key"]],
];
for (const [cases, allowed] of reasons) {
  test(`a refused case of ${cases.source} gives ${allowed.join(" or ")}`, () => {
    const found = results.filter(({ id, verdict }) => verdict === "refused" && cases.test(id));
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter(({ why }) => !allowed.includes(why)).map(({ id, why }) => `${id}: ${why}`),
      [],
    );
  });
}

test("an authority that is excluded from a name can vouch for a wildcard that covers it, the gap in SECURITY.md", () => {
  const found = results.find(({ id }) => id === "scope/excluded-dns-that-a-wildcard-covers");
  assert.deepEqual([found?.right, found?.verdict], ["refused", "accepted"]);
});
