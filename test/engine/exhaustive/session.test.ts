/** Outcomes are just as true for a session that the caller holds itself, without a pool. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSealed } from "@postseal/mailer";
import { assertTruth, byBdat, byData, fates, letter, rigWith, sessionTo, stepwise, wordOf } from "../client.ts";
import type { Fault, Moment } from "../behaviour.ts";

const moments: readonly Moment[] = ["MAIL", "RCPT", "DATA", "BDAT", "final", "RSET"];
const faults: readonly Fault[] = ["550", "451", "421", "421 and close", "close", "reset", "garbage", "done and gone"];

for (const [way, capabilities] of [
  ["BDAT", byBdat],
  ["DATA", byData],
  ["step by step", stepwise],
] as const) {
  test(`whatever a server says to the messages of one session, their outcomes are true (${way})`, async () => {
    const seen = new Set<string>();
    for (const moment of moments) {
      for (const fault of faults) {
        for (const which of [1, 3, 5]) {
          const { server } = await rigWith({
            capabilities,
            enhanced: true,
            fault: (now, count) => (now === moment && count === which ? fault : undefined),
          });
          const { url, options } = await sessionTo(server, "implicit");
          const session = await connectSealed(url, options);
          const words = [
            await wordOf(session.send(letter("first"))),
            ...(await Promise.all(
              Array.from({ length: 5 }, (_, index) =>
                wordOf(session.send(letter(`m${index}`, [`a-m${index}@x.example`, `b-m${index}@x.example`]))),
              ),
            )),
          ];
          await session.close();
          assert.deepEqual(
            assertTruth(words, server).filter((excuse) => excuse !== "said 421 to MAIL or RSET, and went on"),
            [],
          );
          for (const { error, receipt } of words) {
            if (error?.code === "MAIL_REFUSED" || error?.code === "MAIL_DEFERRED")
              assert.ok(
                receipt.recipients.some(({ reply }) => reply !== undefined),
                "a refusal carries its reply",
              );
          }
          for (const fate of fates(words)) seen.add(fate);
        }
      }
    }
    for (const fate of ["accepted", "refused", "deferred", "unsent"]) assert.ok(seen.has(fate), fate);
  });
}
