import assert from "node:assert/strict";
import { test } from "node:test";
import { afterRefusal, isOfAccount, type Refusals, refusalAtMail, tookSender } from "./sender-refusal.ts";

const refused = { outcome: "refused", code: 550, enhanced: "5.7.1", text: "No (id 7)", stage: "mail" } as const;

test("a message is refused at MAIL if all of its recipients are, and its status code stands for the reply", () => {
  assert.equal(refusalAtMail([refused, refused]), "550 5.7.1");
  assert.equal(refusalAtMail([{ ...refused, enhanced: undefined }]), "550 No (id 7)");
  for (const other of [
    { ...refused, stage: "recipient" },
    { ...refused, stage: "message" },
    { ...refused, outcome: "deferred", code: 450 },
    { outcome: "accepted", code: 250 },
    { outcome: "pending" },
  ] as const)
    assert.equal(refusalAtMail([refused, other]), undefined);
  assert.equal(refusalAtMail([]), undefined);
});

test("a later reply than that to MAIL shows that the sender was taken; a lost connection shows nothing", () => {
  assert.ok(tookSender([{ outcome: "accepted" }]));
  for (const stage of ["recipient", "data", "message"]) assert.ok(tookSender([{ ...refused, stage }]));
  assert.equal(tookSender([refused, { outcome: "pending" }, { outcome: "unknown" }]), false);
});

test("five messages in a row with the same reply are the account's; another reply, or a part of the same message, is not counted", () => {
  const five = ["a", "b", "c", "d", "e"].map((id) => [id, "550 5.7.1"] as const);
  const isAccounts = (...replies: readonly (readonly [id: string, reply: string])[]): boolean => {
    let refusals: Refusals | undefined;
    for (const [id, reply] of replies) refusals = afterRefusal(refusals, id, reply);
    return refusals !== undefined && isOfAccount(refusals);
  };
  assert.equal(isAccounts(...five), true);
  assert.equal(isAccounts(...five.slice(1)), false);
  assert.equal(isAccounts(...five.slice(0, 3), ["x", "550 5.1.8"], ...five.slice(3)), false);
  assert.equal(isAccounts(...five.map(([, reply]) => ["a", reply] as const)), false);
});
