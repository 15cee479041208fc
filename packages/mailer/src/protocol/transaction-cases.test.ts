/** Transactions as tables: what is said, what is answered, and what becomes of the recipients. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, converse, offer, prepared } from "./conversation.test.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Transacted } from "./ledger.ts";
import { transact } from "./transaction.ts";

export const peer = "mx.example:587";
export const chunking: Capabilities = offer("PIPELINING", "CHUNKING", "SIZE 10000");
export const pipelining: Capabilities = offer("PIPELINING", "SIZE 10000");
export const neither: Capabilities = offer("SIZE 10000");
export const stepwiseChunking: Capabilities = offer("CHUNKING", "SIZE 10000");

export const MAIL = "MAIL FROM:<s@x.example> SIZE=17";
export const A = "RCPT TO:<a@x.example>";
export const B = "RCPT TO:<b@x.example>";
export const C = "RCPT TO:<c@x.example>";

export interface Case {
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
export const all = (...replies: readonly string[]): Answer => replies;
export const lost = (handedOver: boolean, ...replies: readonly string[]): Answer => ({ lost: replies, handedOver });
export const lines = (...some: readonly string[]): string => some.join("\n");
export const outOfStep = "MAIL_PROTOCOL_UNEXPECTED_REPLY";

/** One test for each case. */
export function testCases(cases: Readonly<Record<string, Case>>): void {
  for (const [
    name,
    { offered, to = ["a@x.example", "b@x.example"], resetFirst = false, ...expected },
  ] of Object.entries(cases)) {
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
}

function describe(failure: unknown): string | undefined {
  if (!(failure instanceof Error)) return undefined;
  return "code" in failure ? String(failure.code) : failure.message;
}
