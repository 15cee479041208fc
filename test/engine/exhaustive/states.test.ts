/** Faults at every state of a conversation (421 with and without closing, garbage, a surplus reply), and replies in pieces of every size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { byBdat, byData, fates } from "../client.ts";
import { converse, type Whole } from "../conversation.ts";
import type { Behaviour, Fault, Moment } from "../behaviour.ts";

const moments: readonly Moment[] = [
  "greeting",
  "EHLO",
  "STARTTLS",
  "AUTH",
  "MAIL",
  "RCPT",
  "DATA",
  "BDAT",
  "final",
  "RSET",
  "QUIT",
];
const faults: readonly Fault[] = ["421", "421 and close", "garbage", "two replies", "550 and 421", "done and gone"];
const deliveries = ["replies", "octets", "ticks"] as const satisfies readonly Behaviour["delivery"][];

for (const transport of ["starttls", "implicit"] as const) {
  for (const [framing, offered] of [
    ["BDAT", byBdat],
    ["DATA", byData],
  ] as const) {
    const whole: Whole = { transport, capabilities: [...offered, "AUTH PLAIN"] };

    test(`${transport}, ${framing}: whatever is said at any state, every outcome is true`, async (t) => {
      let runs = 0;
      const seen = new Set<string>();
      for (const delivery of deliveries) {
        for (const moment of moments) {
          for (const fault of faults) {
            // The second EHLO is the one inside TLS; the second message has another after it.
            for (const which of [1, 2, 3]) {
              let isReached = false;
              const first: Behaviour = {
                ...whole,
                delivery,
                fault: (at, count) => {
                  if (at !== moment || count !== which) return undefined;
                  isReached = true;
                  return fault;
                },
              };
              const { words } = await converse(whole, first);
              if (!isReached) break;
              runs += 1;
              for (const fate of fates(words)) seen.add(fate);
            }
          }
        }
      }
      t.diagnostic(`${runs} runs: ${[...seen].join(", ")}`);
      assert.ok(runs > 200, `only ${runs} runs`);
    });

    for (const delivery of deliveries) {
      test(`${transport}, ${framing}: with replies by ${delivery}, all are accepted`, async () => {
        const { words, server } = await converse(whole, { ...whole, delivery });
        assert.deepEqual(fates(words), ["accepted", "accepted", "accepted"]);
        assert.deepEqual([server.connections.length, server.taken.length], [1, 3]);
      });
    }
  }
}
