/** What an error about a refused message says to do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ReplyError } from "../errors/reply-error.ts";
import type { ReplyFacts } from "../outcome/receipt.ts";
import { conclude } from "./conclusion.ts";

function said(reply: ReplyFacts, wantsLogin: boolean): string {
  const outcome = reply.code < 500 ? "deferred" : "refused";
  const receipt = { sender: "a@x.example", recipients: [{ address: "b@x.example", outcome, reply }] } as const;
  try {
    conclude(receipt, undefined, { peer: "mx.example:587", wantsLogin });
  } catch (error) {
    assert.ok(error instanceof ReplyError);
    return error.message;
  }
  return assert.fail("it was not refused");
}

const LOG_IN = /You did not log in, and this server offers AUTH/;

for (const reply of [
  { code: 530, enhanced: "5.7.0", text: "Authentication required", stage: "mail" },
  { code: 530, text: "Must log in", stage: "recipient" },
  { code: 530, text: "Must log in", stage: "message" },
  { code: 554, enhanced: "5.7.1", text: "Relay access denied", stage: "recipient" },
  { code: 454, enhanced: "4.7.1", text: "Relay access denied", stage: "recipient" },
  { code: 550, enhanced: "5.7.1", text: "Relaying denied", stage: "recipient" },
  { code: 554, text: "Sorry", stage: "mail" },
] as const) {
  test(`${reply.code} ${reply.text}, to ${reply.stage}: log in, if nobody has and the server offers it`, () => {
    assert.match(said(reply, true), LOG_IN);
    assert.doesNotMatch(said(reply, true), /will not help|Send it again later/);
    assert.doesNotMatch(said(reply, false), LOG_IN);
  });
}

for (const reply of [
  { code: 550, enhanced: "5.1.1", text: "No such user", stage: "recipient" },
  { code: 554, enhanced: "5.7.1", text: "Spam", stage: "message" },
  { code: 450, enhanced: "4.7.1", text: "Greylisted", stage: "recipient" },
  { code: 552, enhanced: "5.3.4", text: "Too big", stage: "mail" },
] as const) {
  test(`${reply.code} ${reply.text}, to ${reply.stage}, has nothing to do with a login`, () => {
    assert.doesNotMatch(said(reply, true), LOG_IN);
  });
}
