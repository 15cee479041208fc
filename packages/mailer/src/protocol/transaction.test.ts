import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, converse, offer, prepared } from "./conversation.test.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Transacted } from "./ledger.ts";
import { transact } from "./transaction.ts";

const peer = "mx.example:587";
const chunking = offer("PIPELINING", "CHUNKING", "SIZE 10000");
const pipelining = offer("PIPELINING", "SIZE 10000");
const neither = offer("SIZE 10000");
const stepwiseChunking = offer("CHUNKING", "SIZE 10000");

const MAIL = "MAIL FROM:<s@x.example> SIZE=17";
const [A, B, C] = ["RCPT TO:<a@x.example>", "RCPT TO:<b@x.example>", "RCPT TO:<c@x.example>"];

interface Case {
  readonly offered: Capabilities;
  /** Default: a and b. */
  readonly to?: readonly string[];
  readonly resetFirst?: boolean;
  /** Each step, and its answer. */
  readonly steps: readonly (readonly [string, Answer])[];
  readonly outcomes: readonly string[];
  /** The code of the reply that decided, for each recipient. */
  readonly codes?: readonly (number | undefined)[];
  readonly leaves: Transacted["leaves"];
  readonly failure?: string;
}

/** The reply to a whole step. */
const all = (...replies: readonly string[]): Answer => replies;
const lost = (handedOver: boolean, ...replies: readonly string[]): Answer => ({ lost: replies, handedOver });
const lines = (...some: readonly string[]): string => some.join("\n");
const outOfStep = "MAIL_PROTOCOL_UNEXPECTED_REPLY";

const cases: Readonly<Record<string, Case>> = {
  "PIPELINING and CHUNKING: everything is one write, and 2yz accepts both": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "250 ok", "250 ok", "250 queued")]],
    outcomes: ["accepted", "accepted"],
    codes: [250, 250],
    leaves: "nothing",
  },
  "PIPELINING: DATA goes with the envelope, the message after 354": {
    offered: pipelining,
    steps: [
      [lines(MAIL, A, B, "DATA"), all("250 ok", "250 ok", "250 ok", "354 go")],
      ["(message)", all("250 queued")],
    ],
    outcomes: ["accepted", "accepted"],
    codes: [250, 250],
    leaves: "nothing",
  },
  "neither: one command a step": {
    offered: neither,
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      [B, all("251 will forward")],
      ["DATA", all("354 go")],
      ["(message)", all("250 queued")],
    ],
    outcomes: ["accepted", "accepted"],
    leaves: "nothing",
  },
  "CHUNKING without PIPELINING: one command a step, then BDAT": {
    offered: stepwiseChunking,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      ["(BDAT)", all("250 queued")],
    ],
    outcomes: ["accepted"],
    leaves: "nothing",
  },
  "an envelope after a refused transaction begins with RSET, in the same write": {
    offered: chunking,
    to: ["a@x.example"],
    resetFirst: true,
    steps: [[lines("RSET", MAIL, A, "(BDAT)"), all("250 flushed", "250 ok", "250 ok", "250 queued")]],
    outcomes: ["accepted"],
    leaves: "nothing",
  },
  "RSET answered by anything but 250 or 421 is out of step, and what was handed over is in doubt": {
    offered: chunking,
    to: ["a@x.example"],
    resetFirst: true,
    steps: [[lines("RSET", MAIL, A, "(BDAT)"), all("503 no", "250 ok", "250 ok", "250 queued")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "RSET answered by 421 is a server that closes: the message is deferred": {
    offered: neither,
    to: ["a@x.example"],
    resetFirst: true,
    steps: [["RSET", all("421 closing")]],
    outcomes: ["deferred"],
    codes: [421],
    leaves: "dead-connection",
  },
  "a 2yz other than 250 to MAIL is out of step: a surplus reply came before it": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("235 welcome", "250 ok", "250 ok")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "421 to a recipient and then 354: the server goes on, so after a loss the message is in doubt": {
    offered: pipelining,
    steps: [
      [lines(MAIL, A, B, "DATA"), all("250 ok", "250 ok", "421 later", "354 go")],
      ["(message)", lost(true)],
    ],
    outcomes: ["unknown", "deferred"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "421 to the last recipient: the message is not shown": {
    offered: neither,
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      [B, all("421 later")],
    ],
    outcomes: ["unsent", "deferred"],
    leaves: "dead-connection",
  },
  "MAIL refused by 5yz refuses all recipients, and what follows it decides nothing": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("550 not you", "503 no", "503 no", "503 no")]],
    outcomes: ["refused", "refused"],
    codes: [550, 550],
    leaves: "transaction",
  },
  "MAIL refused by 4yz defers all recipients, whatever follows it": {
    offered: pipelining,
    steps: [[lines(MAIL, A, B, "DATA"), all("451 later", "550 no", "503 no", "554 no")]],
    outcomes: ["deferred", "deferred"],
    codes: [451, 451],
    leaves: "transaction",
  },
  "MAIL refused, one command a step: nothing more is said": {
    offered: neither,
    steps: [[MAIL, all("550 not you")]],
    outcomes: ["refused", "refused"],
    leaves: "nothing",
  },
  "MAIL refused, then 2yz to RCPT: the replies are out of step, and what was handed over is in doubt": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("550 no", "250 ok", "503 no")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "MAIL refused, then 2yz to the message: never accepted": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("550 no", "503 no", "250 queued")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "MAIL refused, then 2yz to RCPT before a message was shown: refused, and the connection ends": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "DATA"), all("550 no", "250 ok", "354 go")]],
    outcomes: ["refused"],
    codes: [550],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "MAIL and RCPT refused, 354 all the same: only the final dot goes out, and 250 to it accepts nobody": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("550 no", "503 no", "354 go")],
      ["(final dot)", all("250 queued")],
    ],
    outcomes: ["refused"],
    codes: [550],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "MAIL answered by 354 is out of step": {
    offered: neither,
    to: ["a@x.example"],
    steps: [[MAIL, all("354 go")]],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "one of two recipients refused: the other is accepted": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "550 unknown user", "250 ok", "250 queued")]],
    outcomes: ["refused", "accepted"],
    codes: [550, 250],
    leaves: "nothing",
  },
  "252 to RCPT is no acceptance": {
    offered: neither,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("252 cannot verify")],
    ],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "a 2yz that does not answer messages is out of step: 235 accepts nobody": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("250 ok", "250 ok", "235 logged in")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "450, 452 and 550: each recipient has its own answer": {
    offered: pipelining,
    to: ["a@x.example", "b@x.example", "c@x.example"],
    steps: [
      [
        lines(MAIL, A, B, C, "DATA"),
        all("250 ok", "450 greylisted", "452 too many", "550 unknown", "503 no valid recipients"),
      ],
    ],
    outcomes: ["deferred", "deferred", "refused"],
    codes: [450, 452, 550],
    leaves: "transaction",
  },
  "all recipients refused with the message on the wire: its reply decides nothing, and RSET is due": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "550 unknown", "451 later", "554 no valid recipients")]],
    outcomes: ["refused", "deferred"],
    codes: [550, 451],
    leaves: "transaction",
  },
  "all recipients refused, and the message taken all the same: nobody was accepted": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("250 ok", "550 unknown", "250 queued")]],
    outcomes: ["refused"],
    codes: [550],
    leaves: "nothing",
  },
  "354 after all recipients were refused: only the final dot goes out, and nobody was accepted": {
    offered: pipelining,
    steps: [
      [lines(MAIL, A, B, "DATA"), all("250 ok", "550 unknown", "550 unknown", "354 go")],
      ["(final dot)", all("250 queued")],
    ],
    outcomes: ["refused", "refused"],
    leaves: "nothing",
  },
  "354 after all recipients were refused, and the dot refused": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "451 later", "354 go")],
      ["(final dot)", all("554 no valid recipients")],
    ],
    outcomes: ["deferred"],
    codes: [451],
    leaves: "transaction",
  },
  "354 after all recipients were refused, and the connection lost: the refusals stand": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "550 unknown", "354 go")],
      ["(final dot)", lost(true)],
    ],
    outcomes: ["refused"],
    codes: [550],
    leaves: "dead-connection",
    failure: "closed",
  },
  "all recipients refused, one command a step: no message is shown, and RSET is due": {
    offered: neither,
    steps: [
      [MAIL, all("250 ok")],
      [A, all("550 unknown")],
      [B, all("550 unknown")],
    ],
    outcomes: ["refused", "refused"],
    leaves: "transaction",
  },
  "552 to a second recipient means too many: for now": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "250 ok", "552 too many recipients", "250 queued")]],
    outcomes: ["accepted", "deferred"],
    leaves: "nothing",
  },
  "552 with 5.5.3 means too many, too": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "250 ok", "552 5.5.3 too many", "250 queued")]],
    outcomes: ["accepted", "deferred"],
    leaves: "nothing",
  },
  "552 that says a mailbox is full is a refusal": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "250 ok", "552 5.2.2 mailbox full", "250 queued")]],
    outcomes: ["accepted", "refused"],
    leaves: "nothing",
  },
  "552 to the first recipient cannot mean too many": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), all("250 ok", "552 over quota", "250 ok", "250 queued")]],
    outcomes: ["refused", "accepted"],
    leaves: "nothing",
  },
  "RCPT answered by 354 is out of step": {
    offered: neither,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("354 go")],
    ],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "DATA refused for now defers the recipients that RCPT accepted, and RSET is due": {
    offered: pipelining,
    steps: [[lines(MAIL, A, B, "DATA"), all("250 ok", "250 ok", "550 unknown", "451 later")]],
    outcomes: ["deferred", "refused"],
    codes: [451, 550],
    leaves: "transaction",
  },
  "DATA refused for good refuses": {
    offered: neither,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      ["DATA", all("554 no")],
    ],
    outcomes: ["refused"],
    leaves: "transaction",
  },
  "DATA answered by 250 is out of step: nothing is shown": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "250 queued")]],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "a refusal after the dot refuses the recipients that RCPT accepted": {
    offered: pipelining,
    steps: [
      [lines(MAIL, A, B, "DATA"), all("250 ok", "250 ok", "451 later", "354 go")],
      ["(message)", all("554 spam")],
    ],
    outcomes: ["refused", "deferred"],
    codes: [554, 451],
    leaves: "transaction",
  },
  "552 to BDAT closes: some servers would run the rest of it as commands": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("250 ok", "250 ok", "552 too large")]],
    outcomes: ["refused"],
    codes: [552],
    leaves: "dead-connection",
  },
  "552 to a message by DATA does not close": {
    offered: neither,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      ["DATA", all("354 go")],
      ["(message)", all("552 too large")],
    ],
    outcomes: ["refused"],
    leaves: "transaction",
  },
  "the message answered by 354 again is out of step: its fate is in doubt": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "354 go")],
      ["(message)", all("354 more")],
    ],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "421 to MAIL defers, and the connection is over": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), lost(true, "421 closing")]],
    outcomes: ["deferred"],
    codes: [421],
    leaves: "dead-connection",
    failure: "closed",
  },
  "421 to RCPT, then the close, proves nothing of the message that was handed over": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), lost(true, "250 ok", "250 ok", "421 closing")]],
    outcomes: ["unknown", "deferred"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "421 to a recipient, one command a step, and the server goes on: what it says at the end counts": {
    offered: neither,
    steps: [
      [MAIL, all("250 ok")],
      [A, all("421 later")],
      [B, all("250 ok")],
      ["DATA", all("354 go")],
      ["(message)", all("250 queued")],
    ],
    outcomes: ["deferred", "accepted"],
    leaves: "nothing",
  },
  "421 to DATA, one command a step, defers": {
    offered: neither,
    to: ["a@x.example"],
    steps: [
      [MAIL, all("250 ok")],
      [A, all("250 ok")],
      ["DATA", all("421 closing")],
    ],
    outcomes: ["deferred"],
    codes: [421],
    leaves: "dead-connection",
  },
  "421 to DATA defers": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "421 closing")]],
    outcomes: ["deferred"],
    leaves: "dead-connection",
  },
  "421 to the message defers: nothing was taken": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("250 ok", "250 ok", "421 closing")]],
    outcomes: ["deferred"],
    codes: [421],
    leaves: "dead-connection",
  },
  "421 among replies that are out of step proves nothing: what was handed over is in doubt": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), all("421 closing", "250 ok", "250 queued")]],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
  "lost before any reply, the message handed over: unknown": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), lost(true)]],
    outcomes: ["unknown", "unknown"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost after MAIL was refused, the message handed over: the refusal stands": {
    offered: chunking,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "(BDAT)"), lost(true, "550 no")]],
    outcomes: ["refused"],
    codes: [550],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost between the recipients, the message handed over: the refused one is known": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), lost(true, "250 ok", "550 unknown")]],
    outcomes: ["refused", "unknown"],
    codes: [550, undefined],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost before the final reply: unknown for the recipients that RCPT accepted": {
    offered: chunking,
    steps: [[lines(MAIL, A, B, "(BDAT)"), lost(true, "250 ok", "250 ok", "550 unknown")]],
    outcomes: ["unknown", "refused"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost in the envelope without a message after it: unsent": {
    offered: pipelining,
    steps: [[lines(MAIL, A, B, "DATA"), lost(false, "250 ok", "250 ok", "250 ok")]],
    outcomes: ["unsent", "unsent"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost in the middle of the message: unsent": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "354 go")],
      ["(message)", lost(false)],
    ],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost after the final dot: unknown": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "354 go")],
      ["(message)", lost(true)],
    ],
    outcomes: ["unknown"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "refused in the middle of the message: refused, and the connection is over": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "354 go")],
      ["(message)", lost(false, "552 too large")],
    ],
    outcomes: ["refused"],
    codes: [552],
    leaves: "dead-connection",
    failure: "closed",
  },
  "accepted in the middle of the message: that is not believed, and it is unsent": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [
      [lines(MAIL, A, "DATA"), all("250 ok", "250 ok", "354 go")],
      ["(message)", lost(false, "250 queued")],
    ],
    outcomes: ["unsent"],
    leaves: "dead-connection",
    failure: "closed",
  },
  "lost after MAIL was refused, when the first answer to RCPT is out of step": {
    offered: pipelining,
    to: ["a@x.example"],
    steps: [[lines(MAIL, A, "DATA"), lost(false, "550 no", "250 ok")]],
    outcomes: ["refused"],
    leaves: "dead-connection",
    failure: outOfStep,
  },
};

for (const [name, { offered, to = ["a@x.example", "b@x.example"], resetFirst = false, ...expected }] of Object.entries(
  cases,
)) {
  test(name, () => {
    const dialogue = transact({ message: prepared(to), offered, peer, resetFirst });
    const { said, result } = converse(dialogue, ...expected.steps.map(([, answer]) => answer));
    assert.deepEqual(
      said,
      expected.steps.map(([step]) => step),
    );
    assert.deepEqual(
      result.recipients.map(({ address }) => address),
      to,
    );
    assert.deepEqual(
      result.recipients.map(({ outcome }) => outcome),
      expected.outcomes,
    );
    if (expected.codes !== undefined)
      assert.deepEqual(
        result.recipients.map((one) => one.reply?.code),
        expected.codes,
      );
    assert.equal(result.leaves, expected.leaves);
    assert.equal(describe(result.failure), expected.failure);
  });
}

function describe(failure: unknown): string | undefined {
  if (!(failure instanceof Error)) return undefined;
  return "code" in failure ? String(failure.code) : failure.message;
}

test("a bug in the middle of a transaction is not taken for an outcome", () => {
  const dialogue = transact({ message: prepared(["a@x.example"]), offered: chunking, peer, resetFirst: false });
  dialogue.next([]);
  assert.throws(() => dialogue.throw(new RangeError("a bug")), RangeError);
  assert.throws(
    () => converse(transact({ message: prepared([]), offered: pipelining, peer, resetFirst: false }), []),
    TypeError,
  );
});
