/** The connection ends after every octet of a whole conversation: both framings, both sides, by FIN and by RST. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { byBdat, byData, fates } from "../client.ts";
import { converse, lengthOf, type Whole } from "../conversation.ts";

/** Declares the tests of one way to TLS. */
export function testCuts(transport: "starttls" | "implicit"): void {
  for (const [framing, offered] of [
    ["BDAT", byBdat],
    ["DATA", byData],
  ] as const) {
    const whole: Whole = { transport, capabilities: [...offered, "AUTH PLAIN"] };
    for (const side of ["client", "server"] as const) {
      for (const by of ["close", "reset"] as const) {
        test(`${transport}, ${framing}: ended by ${by} after each octet of the ${side}, every outcome is true`, async (t) => {
          const length = await lengthOf(whole, side);
          assert.ok(length > 200, `only ${length} octets`);
          const counts = new Map<string, number>();
          for (let after = 1; after <= length; after += 1) {
            const { words } = await converse(whole, { ...whole, cut: { after, of: side, by } });
            for (const fate of fates(words)) counts.set(fate, (counts.get(fate) ?? 0) + 1);
          }
          t.diagnostic(`${length} runs: ${[...counts].map(([fate, count]) => `${count} ${fate}`).join(", ")}`);
          assert.ok((counts.get("unsent") ?? 0) > 0 && (counts.get("accepted") ?? 0) > 0);
          assert.ok((counts.get("unknown") ?? 0) > 0);
        });
      }
    }
  }
}
