/** Observers get the caller's receipt, and cannot change it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type MailError, observe, type Receipt, receiptOf } from "@postseal/mailer";
import { byBdat, letter, rigWith } from "../engine/client.ts";

/** All objects and lists in the value. */
function parts(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(parts)];
}

test("an observer that rewrites an outcome changes nobody's receipt", async () => {
  const { mailer } = await rigWith({
    capabilities: byBdat,
    fault: (moment, count) => (moment === "BDAT" && count === 2 ? "550" : undefined),
  });
  const attempts: unknown[] = [];
  using _ = observe({
    "message.concluded": ({ receipt }) => {
      for (const part of parts(receipt)) attempts.push(Reflect.set(part, "outcome", "accepted"));
    },
  });
  const accepted = await mailer.send(letter("a"));
  const error: MailError = await mailer.send(letter("b")).then(
    () => assert.fail(),
    (cause: MailError) => cause,
  );
  await mailer.close();
  const receipts: readonly (Receipt | undefined)[] = [accepted, receiptOf(error)];
  assert.ok(attempts.length > 8 && attempts.every((done) => done === false));
  assert.deepEqual(
    receipts.map((receipt) => receipt?.recipients[0]?.outcome),
    ["accepted", "refused"],
  );
  for (const part of receipts.flatMap(parts)) assert.ok(Object.isFrozen(part));
});
