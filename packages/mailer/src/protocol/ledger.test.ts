/** What replies prove, and what the end of a connection proves, state by state. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Outcome } from "../outcome/receipt.ts";
import { offer, prepared, reply } from "./conversation.test.ts";
import type { Ending } from "./dialogue.ts";
import { Ledger } from "./ledger.ts";
import { planOf } from "./plan.ts";

const recipients = ["a@x.example", "b@x.example"];
const peer = "mx.example:587";
const BDAT = ["PIPELINING", "CHUNKING", "SIZE 10000"];
const DATA = ["PIPELINING", "SIZE 10000"];

function ledger(keywords: readonly string[], resetFirst = false): Ledger {
  const message = prepared(recipients);
  return new Ledger(planOf({ message, offered: offer(...keywords), peer, resetFirst }), recipients, peer);
}

/** Gives the ledger replies to its step, in order. */
function hear(one: Ledger, ...texts: readonly string[]): Ledger {
  const step = one.next ?? [];
  for (const [index, text] of texts.entries()) one.hear(step[index]?.verb ?? "GREETING", reply(text));
  return one;
}

function outcomes(one: Ledger): readonly Outcome[] {
  return one.result.recipients.map(({ outcome }) => outcome);
}

test("neither next nor result changes anything", () => {
  const one = hear(ledger(BDAT), "250 ok", "250 ok");
  for (let time = 0; time < 3; time += 1) {
    assert.equal(one.next?.length, 4);
    assert.deepEqual(outcomes(one), ["unsent", "unsent"]);
  }
  hear(one, "250 ok");
  assert.deepEqual(one.next?.length, 4);
});

const word = (code: number, verb: "RSET" | "MAIL" | "RCPT" | "BODY"): Ending["lastWord"] => ({ code, verb });
/** How a connection may end before the first reply to a message that was handed over, and what it proves. */
const endings: readonly (readonly [name: string, ending: Omit<Ending, "written">, outcome: Outcome])[] = [
  ["421 to MAIL, and the peer closed in order", { by: "end", lastWord: word(421, "MAIL") }, "unsent"],
  ["421 to RSET, and the peer closed in order", { by: "end", lastWord: word(421, "RSET") }, "unsent"],
  ["421 to RCPT: some say that and go on", { by: "end", lastWord: word(421, "RCPT") }, "unknown"],
  ["421 to a message: it says nothing about the next", { by: "end", lastWord: word(421, "BODY") }, "unknown"],
  ["421 to MAIL, and a reset", { by: "error", lastWord: word(421, "MAIL") }, "unknown"],
  ["421 to MAIL, and we ended it", { by: "us", lastWord: word(421, "MAIL") }, "unknown"],
  ["421 to MAIL, and octets after it", { by: "end", lastWord: undefined }, "unknown"],
  ["another refusal, and the peer closed in order", { by: "end", lastWord: word(451, "MAIL") }, "unknown"],
];
for (const [name, ending, outcome] of endings) {
  test(`a message that was handed over and not answered is ${outcome}: ${name}`, () => {
    const one = ledger(BDAT, true);
    one.ended({ ...ending, written: "all" }, new Error("over"));
    assert.deepEqual(outcomes(one), [outcome, outcome]);
    assert.deepEqual([one.next, one.result.leaves], [undefined, "dead-connection"]);
  });

  test(`a message that was not handed over whole is unsent: ${name}`, () => {
    for (const written of ["nothing", "part"] as const) {
      const one = ledger(BDAT, true);
      one.ended({ ...ending, written }, new Error("over"));
      assert.deepEqual(outcomes(one), ["unsent", "unsent"]);
    }
  });
}

test("250 with a status about an address is no answer to a message by BDAT: nothing that was heard is believed", () => {
  for (const status of ["2.1.0", "2.1.5"]) {
    const one = hear(ledger(BDAT), "250 2.1.0 ok", "550 5.1.1 no", "250 2.1.5 ok");
    assert.throws(() => one.hear("BODY", reply(`250 ${status} ok`)), ProtocolError);
    one.outOfStep("all", new Error("out of step"));
    assert.deepEqual(outcomes(one), ["unknown", "unknown"]);
  }
});

test("by DATA it is believed, since 354 comes in between", () => {
  const one = hear(ledger(DATA), "250 ok", "250 ok", "250 ok", "354 go");
  one.hear("BODY", reply("250 2.1.5 queued"));
  assert.deepEqual(outcomes(one), ["accepted", "accepted"]);
});

for (const code of [500, 502, 504]) {
  test(`${code} to BDAT: there is no CHUNKING, and the message is unsent; an earlier refusal stands`, () => {
    const one = hear(ledger(BDAT), "250 ok", "550 no", "250 ok", `${code} what?`);
    assert.deepEqual(outcomes(one), ["refused", "unsent"]);
    const { leaves, refusesChunks } = one.result;
    assert.deepEqual([leaves, refusesChunks], ["dead-connection", true]);
  });

  test(`${code} to a message by DATA refuses it`, () => {
    const one = hear(ledger(DATA), "250 ok", "250 ok", "250 ok", "354 go");
    one.hear("BODY", reply(`${code} no`));
    assert.deepEqual(outcomes(one), ["refused", "refused"]);
    assert.equal(one.result.refusesChunks, false);
  });
}

for (const code of [503, 554]) {
  test(`${code} to BDAT when no recipient was accepted is usual: CHUNKING is there`, () => {
    const one = hear(ledger(BDAT), "250 ok", "550 no", "550 no", `${code} no`);
    assert.deepEqual(outcomes(one), ["refused", "refused"]);
    const { leaves, refusesChunks } = one.result;
    assert.deepEqual([leaves, refusesChunks], ["transaction", false]);
  });
}

test("421 to RSET alone decides nothing about a message that went along", () => {
  const end = { written: "all", lastWord: word(421, "RSET") } as const;
  const [broken, closed] = [hear(ledger(BDAT, true), "421 busy"), hear(ledger(BDAT, true), "421 busy")];
  broken.ended({ ...end, by: "error" }, new Error("over"));
  closed.ended({ ...end, by: "end" }, new Error("over"));
  assert.deepEqual(outcomes(broken), ["unknown", "unknown"]);
  assert.deepEqual(outcomes(closed), ["deferred", "deferred"]);
  const taken = hear(ledger(BDAT, true), "421 busy", "250 ok", "250 ok", "250 ok", "250 queued");
  assert.deepEqual(outcomes(taken), ["accepted", "accepted"]);
  const refused = hear(ledger(BDAT, true), "421 busy", "503 no", "503 no", "503 no", "503 no");
  assert.deepEqual(
    refused.result.recipients.map((one) => one.reply?.code),
    [421, 421],
  );
});
