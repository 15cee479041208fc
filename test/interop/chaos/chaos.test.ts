/** A short run of `npm run chaos`: everything goes wrong once around each server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runChaos } from "./chaos.ts";
import { faultsOf } from "./verdict.ts";
import { createAuthority } from "../servers/pki.ts";

for (const server of ["Postfix", "Exim"] as const) {
  test(`under chaos ${server} and the mailer agree on every message, and both are soon back at work`, async (t) => {
    await using authority = await createAuthority();
    const report = await runChaos({ server, milliseconds: 60_000, seed: 7, authority });
    t.diagnostic(`${report.given} messages, ${report.accepted} accepted, ${report.unknown} unknown`);
    assert.ok(report.accepted > 300, `${report.accepted} accepted`);
    assert.ok(report.incidents.length >= 8, `${report.incidents.length} incidents`);
    assert.deepEqual(faultsOf(report), []);
  });
}
