/** Whatever a server answers, and wherever the connection ends, no outcome says more than the conversation proves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Body, Command } from "./command.ts";
import { interruption, offer, prepared } from "./conversation.test.ts";
import type { Transacted } from "./ledger.ts";
import { transact } from "./transaction.ts";

const recipients = ["a@x.example", "b@x.example", "c@x.example"];
const natural: Readonly<Record<string, number>> = { DATA: 354 };

interface Exchange {
  readonly action: Command | Body;
  /** `undefined`: the connection ended before the reply. */
  readonly code: number | undefined;
}

interface Played extends Transacted {
  readonly exchanges: readonly Exchange[];
  /** Whether the last octet of the message was handed over. */
  readonly handedOver: boolean;
}

/** Plays a server that answers with these codes (0: the usual one), and hangs up before reply number `hangUpAt`. */
function play(
  keywords: readonly string[],
  resetFirst: boolean,
  codes: readonly number[],
  hangUpAt: number,
  late: boolean,
): Played {
  const message = prepared(recipients);
  const dialogue = transact({ message, offered: offer(...keywords), peer: "mx.example:587", resetFirst });
  const exchanges: Exchange[] = [];
  let handedOver = false;
  let turn = dialogue.next([]);
  while (turn.done !== true) {
    const step = turn.value;
    const answered = step.map((action, index): Exchange => {
      const number = exchanges.length + index;
      return { action, code: number >= hangUpAt ? undefined : codes[number] || (natural[action.verb] ?? 250) };
    });
    exchanges.push(...answered);
    const replies = answered.flatMap(({ code }) => (code === undefined ? [] : [{ code, lines: ["x"] }]));
    const showsMessage = step.some((action) => action.verb === "BODY" && action.content !== undefined);
    const interrupted = replies.length < step.length;
    // A small message is handed over with its envelope; one that goes alone may be cut off in the middle.
    const whole = step.some((action) => action.verb === "BODY") && (!interrupted || step.length > 1 || late);
    handedOver ||= showsMessage && whole;
    turn = interrupted ? dialogue.throw(interruption(turn.value, replies, whole)) : dialogue.next(replies);
  }
  return { ...turn.value, exchanges, handedOver };
}

const code = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  fc.constantFrom(250, 251, 354, 421, 450, 451, 452, 503, 550, 552, 554),
  fc.integer({ min: 200, max: 599 }),
);
const anything = [
  fc.subarray(["PIPELINING", "CHUNKING", "SIZE 10000", "8BITMIME"]),
  fc.boolean(),
  fc.array(code, { maxLength: 8 }),
  fc.oneof(fc.constant(99), fc.nat(8)),
  fc.boolean(),
] as const;

test("whatever comes, the conversation bears out each outcome", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(...anything, (...input) => {
      const { recipients: outcomes, exchanges, handedOver, leaves } = play(...input);
      const codeOf = (verb: string, path?: string): number | undefined =>
        exchanges.find(
          ({ action }) =>
            action.verb === verb && (path === undefined || ("forwardPath" in action && action.forwardPath === path)),
        )?.code;
      const isRefusal = (some: number | undefined): boolean => some !== undefined && some >= 400;
      const shown = exchanges.find(({ action }) => action.verb === "BODY" && action.content !== undefined);
      const last = exchanges.findLast((one) => one.code !== undefined);
      // 421 counts only as the last reply, and only to these: a server that says 421 and goes on has not closed.
      const closed = last?.code === 421 && ["RSET", "MAIL"].includes(last.action.verb);
      const refusedChunk =
        shown?.action.verb === "BODY" && shown.action.framing === "bdat" && [500, 502, 504].includes(shown.code ?? 0);

      assert.deepEqual(
        outcomes.map(({ address }) => address),
        recipients,
        "each recipient once, in order",
      );
      for (const { address, outcome, reply } of outcomes) {
        seen.add(outcome);
        const [mail, rcpt] = [codeOf("MAIL"), codeOf("RCPT", address)];
        switch (outcome) {
          case "accepted":
            assert.equal(mail, 250);
            assert.ok(rcpt === 250 || rcpt === 251);
            assert.equal(shown?.code, 250);
            assert.equal(reply?.code, shown?.code);
            break;
          case "refused":
          case "deferred": {
            // A server that refused RSET, and then went on with the message handed over with it, has not refused that message.
            const reset = shown !== undefined && mail === 250 ? undefined : codeOf("RSET");
            const first = [reset, mail, rcpt, codeOf("DATA"), shown?.code].find(isRefusal);
            assert.equal(reply?.code, first, "the first refusal decides");
            assert.equal(
              outcome,
              reply?.code === 552 && outcome === "deferred" ? outcome : (first ?? 0) < 500 ? "deferred" : "refused",
            );
            break;
          }
          case "unknown":
            assert.ok(handedOver, "unknown, though nothing was handed over");
            break;
          case "unsent":
            assert.ok(!handedOver || closed || refusedChunk, "unsent, though the server may have it");
            break;
        }
        if (handedOver && shown?.code === undefined && !closed && !isRefusal(mail) && !isRefusal(rcpt)) {
          assert.equal(outcome, "unknown", "the whole message is out, and nothing is known of it");
        }
      }
      if (last?.code === 421 || exchanges.some((one) => one.code === undefined))
        assert.equal(leaves, "dead-connection");
    }),
    { numRuns: 3000 },
  );
  assert.deepEqual(
    [...seen].toSorted(),
    ["accepted", "deferred", "refused", "unknown", "unsent"],
    "the property saw too few outcomes",
  );
});

test("a message is shown only to a server that accepted MAIL and a recipient, or is 192 KiB at most and goes ahead", () => {
  fc.assert(
    fc.property(...anything, (...input) => {
      const { exchanges } = play(...input);
      const [keywords] = input;
      const ahead = ["PIPELINING", "CHUNKING", "SIZE 10000"].every((keyword) => keywords.includes(keyword));
      const shown = exchanges.some(({ action }) => action.verb === "BODY" && action.content !== undefined);
      const accepted = exchanges.some((one) => one.action.verb === "RCPT" && one.code !== undefined && one.code < 300);
      assert.ok(!shown || ahead || accepted);
    }),
  );
});
