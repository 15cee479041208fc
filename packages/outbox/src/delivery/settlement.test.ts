import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AbortedError,
  AuthenticationError,
  CapabilityError,
  NetworkError,
  type RecipientOutcome,
  TlsError,
} from "@postseal/mailer";
import { MOST_ATTEMPTS } from "../model/schedule.ts";
import type { Claim } from "../store/operations.ts";
import { settlementOf } from "./settlement.ts";

const [a, b, c] = ["a@x.example", "b@x.example", "c@x.example"] as const;
const claim: Claim = {
  seq: 1,
  token: 3,
  id: "id",
  part: 0,
  account: "default",
  lane: "transactional",
  attempts: 1,
  created: 0,
  expires: 1e12,
  sender: "s@example.org",
  messageId: "<1@example.org>",
  size: 10,
  smtpUtf8: false,
  requireTls: false,
  dsn: undefined,
  floor: {},
  onUnknown: "hold",
  recipients: [a, b, c],
  octets: undefined,
  content: 1,
};

function outcome(
  outcomes: readonly RecipientOutcome["outcome"][],
  {
    error,
    change = {},
    reply = { code: 450, text: "later", stage: "recipient" },
  }: {
    readonly error?: unknown;
    readonly change?: Partial<Claim>;
    readonly reply?: NonNullable<RecipientOutcome["reply"]>;
  } = {},
): readonly [ending: string, account: string | undefined, outcomes: readonly string[]] {
  const recipients = [a, b, c].map((address, at): RecipientOutcome => {
    const one = outcomes[at] ?? outcomes[0] ?? "unsent";
    return one === "deferred" || one === "refused" ? { address, outcome: one, reply } : { address, outcome: one };
  });
  const receipt = { sender: "s@example.org", recipients };
  const rest = { worker: "w", now: 1_000, random: 0.5, keepBody: 0 };
  const { settlement, account } = settlementOf({ claim: { ...claim, ...change }, receipt, error, ...rest });
  return [settlement.ending, account, settlement.recipients.map((fate) => fate.outcome)];
}

const lost = (phase: NetworkError["phase"]): NetworkError => new NetworkError("MAIL_NETWORK_LOST", phase, "lost");

test("a message that may be redelivered is held once it has used up its attempts", () => {
  const change = { onUnknown: "redeliver", attempts: MOST_ATTEMPTS } as const;
  assert.deepEqual(
    outcome(["accepted", "unknown"], { error: lost("final-reply"), change: { ...change, recipients: [a, b] } }),
    ["doubt", "failing", ["accepted", "unknown"]],
  );
});

test("doubt about one recipient comes before all else, unless the message may be redelivered", () => {
  assert.deepEqual(outcome(["accepted", "unknown", "deferred"], { error: lost("final-reply") }), [
    "doubt",
    "failing",
    ["accepted", "unknown", "deferred"],
  ]);
  assert.deepEqual(
    outcome(["accepted", "unknown", "deferred"], { error: lost("final-reply"), change: { onUnknown: "redeliver" } }),
    ["redeliver", "failing", ["accepted", "pending", "deferred"]],
  );
});

test("each recipient has its own outcome, and the message goes on for those that are open", () => {
  assert.equal(outcome(["accepted", "refused", "accepted"])[0], "finish");
  assert.equal(outcome(["refused"])[0], "finish");
  assert.equal(outcome(["accepted", "refused", "deferred"])[0], "defer");
  assert.equal(outcome(["accepted", "unsent", "accepted"], { error: undefined })[0], "defer");
});

test("a server that is away uses up no attempt; a connection that ends in this message does", () => {
  const away = new NetworkError("MAIL_NETWORK_CONNECT", "connect", "away");
  assert.deepEqual(outcome(["unsent"], { error: away }).slice(0, 2), ["release", "failing"]);
  const tls = new TlsError("MAIL_TLS_UNVERIFIED", "not verified", { disposition: "give-up" });
  assert.deepEqual(outcome(["unsent"], { error: tls }).slice(0, 2), ["release", "failing"]);
  assert.deepEqual(outcome(["unsent"], { error: lost("body") }).slice(0, 2), ["defer", "failing"]);
});

test("a refused login locks the account; a secret that cannot be fetched lets it rest", () => {
  const refused = new AuthenticationError("MAIL_AUTH_REFUSED", "refused");
  assert.deepEqual(outcome(["unsent"], { error: refused }).slice(0, 2), ["release", "locked"]);
  const absent = new AuthenticationError("MAIL_AUTH_CREDENTIALS", "no secret");
  assert.deepEqual(outcome(["unsent"], { error: absent }).slice(0, 2), ["release", "failing"]);
});

test("421, and a rate at MAIL, are the account's; 452 at RCPT is not", () => {
  const busy = { code: 421, text: "busy", stage: "recipient" } as const;
  assert.equal(outcome(["deferred"], { reply: busy })[1], "failing");
  const throttled = { code: 454, enhanced: "4.7.0", text: "throttled", stage: "mail" } as const;
  assert.deepEqual(outcome(["deferred"], { reply: throttled }), [
    "release",
    "failing",
    ["pending", "pending", "pending"],
  ]);
  const full = { code: 452, enhanced: "4.2.2", text: "full", stage: "recipient" } as const;
  assert.equal(outcome(["deferred"], { reply: full })[1], "served");
});

test("a server that wants a login refuses no message: the account is locked, and nothing is decided", () => {
  for (const code of [530, 534, 538]) {
    const reply = { code, enhanced: "5.7.0", text: "authentication required", stage: "mail" } as const;
    assert.deepEqual(outcome(["refused"], { reply }), ["release", "locked", ["pending", "pending", "pending"]]);
  }
  const refused = { code: 550, enhanced: "5.7.1", text: "no", stage: "mail" } as const;
  assert.deepEqual(outcome(["refused"], { reply: refused }).slice(0, 2), ["finish", "served"]);
});

test("what was not marked goes back, and blames nobody", () => {
  assert.deepEqual(outcome(["unsent"], { error: new AbortedError("not marked") }).slice(0, 2), ["release", undefined]);
});

test("what no server of the account can take is dead, and so is what was deferred too often", () => {
  const lacks = new CapabilityError("MAIL_CAPABILITY_MISSING", "SMTPUTF8", "lacks SMTPUTF8");
  assert.equal(outcome(["unsent"], { error: lacks })[0], "exhaust");
  assert.equal(outcome(["deferred"], { change: { attempts: MOST_ATTEMPTS } })[0], "exhaust");
  assert.equal(outcome(["deferred"], { change: { attempts: MOST_ATTEMPTS - 1 } })[0], "defer");
});
