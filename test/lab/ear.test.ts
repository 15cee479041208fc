/** Clients that would get away with a leak if the lab were hard of hearing, or if a race decided: each is judged as it deserves. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { faultyCases, outcomesOf } from "./faulty-clients.ts";

suite("a client that leaks where few would listen is judged as it deserves", { concurrency: 2 }, () => {
  for (const one of faultyCases) {
    const { client, vector, outcome } = one;
    test(`${client} at ${vector}: ${outcome}`, async () => assert.deepEqual(await outcomesOf(one, 1), [outcome]));
  }
});
