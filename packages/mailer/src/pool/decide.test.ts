import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreparedMessage } from "../message/envelope.ts";
import { prepared } from "../protocol/conversation.test.ts";
import { decide, type LaneView, type PoolView } from "./decide.ts";

interface TestLane extends LaneView {
  readonly name: string;
}

/** A connection that can carry the message at once, unless `facts` say otherwise. */
function lane(
  name: string,
  facts: Partial<Omit<LaneView, "admits" | "recipientsOf">> & {
    readonly full?: boolean;
    readonly partOf?: number;
  } = {},
): TestLane {
  const { full = false, partOf = Infinity, ...others } = facts;
  return {
    name,
    isSpent: false,
    isHeldUp: false,
    hasServed: true,
    inFlight: 0,
    ...others,
    admits: () => !full,
    recipientsOf: (message, most) => Math.min(message.envelope.forwardPaths.length, most, partOf),
  };
}

interface Situation {
  readonly waiting?: number;
  /** How many callers could be asked, and how many were. */
  readonly unasked?: number;
  readonly ahead?: number;
  /** Milliseconds that the first has waited. */
  readonly waited?: number;
  readonly message?: PreparedMessage;
  readonly lanes?: readonly TestLane[];
  readonly opening?: number;
  readonly closing?: number;
  readonly connections?: number;
  readonly isAway?: boolean;
  readonly isCrowded?: boolean;
  /** Milliseconds that a connection costs, then until one may be opened alone, then beside others. */
  readonly cost?: number;
  readonly delay?: number;
  readonly delayBeside?: number;
  /** The same by how many are unproven. */
  readonly delayOf?: (unproven: number) => number;
  readonly most?: number;
  readonly mustGiveUp?: boolean;
  readonly messageDelay?: number;
  readonly recipientDelay?: (count: number) => number;
}

const NOW = 100_000;

function view(given: Situation): PoolView<TestLane> {
  const { unasked = 0, ahead = 0, waiting = unasked + ahead > 0 ? 0 : 1, waited = 0 } = given;
  const { message = prepared(["a@x.example"]) } = given;
  return {
    queue: {
      size: waiting + unasked,
      first: waiting === 0 ? undefined : { message, since: NOW - waited },
      unasked,
      ahead,
      stranded: waiting + ahead > 0 || unasked === 0 ? undefined : { message, since: undefined },
    },
    lanes: new Set(given.lanes),
    opening: { size: given.opening ?? 0 },
    closing: { size: given.closing ?? 0 },
    openings: {
      cost: given.cost ?? 50,
      isAway: given.isAway ?? false,
      isCrowded: given.isCrowded ?? false,
      most: () => given.most ?? Infinity,
      mustGiveUp: () => given.mustGiveUp ?? false,
      delay: () => given.delay ?? 0,
      delayBeside: (unproven) => given.delayBeside ?? given.delayOf?.(unproven) ?? 0,
    },
    messageRate: { delay: () => given.messageDelay ?? 0 },
    recipientRate: { most: Infinity, delay: given.recipientDelay ?? (() => 0) },
    limits: {
      connections: given.connections ?? 5,
      window: 8,
      messagesPerConnection: 100,
      idle: 5_000,
      patience: 30_000,
      messagesPerSecond: Infinity,
      recipientsPerMinute: Infinity,
    },
  };
}

/** The decision in a word or two. */
function decided(given: Situation): string {
  const decision = decide(view(given), NOW);
  switch (decision.do) {
    case "send":
    case "replace":
      return `${decision.do} ${decision.lane.name}`;
    case "wait":
      return `wait ${decision.milliseconds}`;
    default:
      return decision.do;
  }
}

const full = lane("a", { full: true, inFlight: 1 });
const heldUp = lane("a", { full: true, inFlight: 1, isHeldUp: true });

const table: readonly (readonly [situation: string, given: Situation, decision: string])[] = [
  ["nothing waits", { waiting: 0, lanes: [lane("a")] }, "rest"],
  ["nothing waits, and a connection is spent", { waiting: 0, lanes: [lane("a", { isSpent: true })] }, "replace a"],
  ["a connection has room", { lanes: [lane("a")] }, "send a"],
  ["two have room", { lanes: [lane("a", { inFlight: 2 }), lane("b", { inFlight: 1 })] }, "send b"],
  ["one is spent, one has room", { lanes: [lane("a", { isSpent: true }), lane("b")] }, "replace a"],
  ["the rate of messages is used up", { lanes: [lane("a")], messageDelay: 70 }, "wait 70"],
  [
    "the rate of recipients is used up for a message to that many",
    { lanes: [lane("a")], message: prepared(["a@x.example", "b@x.example"]), recipientDelay: (count) => count * 10 },
    "wait 20",
  ],
  [
    "the rate has room for the part that goes, and not for the whole",
    {
      lanes: [lane("a", { partOf: 1 })],
      message: prepared(["a@x.example", "b@x.example"]),
      recipientDelay: (count) => (count > 1 ? 20 : 0),
    },
    "send a",
  ],
  ["the rate is used up, and there is no connection", { messageDelay: 70 }, "wait 70"],
  ["there is no connection", {}, "open"],
  ["there is none, and the server may not be asked yet", { delay: 400 }, "wait 400"],
  ["one is being opened", { opening: 1, waiting: 8 }, "rest"],
  ["it has failed us for long enough", { delay: 400, mustGiveUp: true }, "give-up"],
  ["it has failed us for long enough, and is being tried", { opening: 1, mustGiveUp: true }, "rest"],
  ["it has failed us, and a new connection has not served yet", { isAway: true, lanes: [full], waiting: 100 }, "rest"],
  ["it has failed us, and the new connection hands over a long message", { isAway: true, lanes: [heldUp] }, "open"],
  ["a full one, and the first has waited for less than a connection costs", { lanes: [full], waited: 20 }, "wait 30"],
  ["a full one, and the first has waited for longer", { lanes: [full], waited: 51 }, "open"],
  ["a full one, the first has waited, and one is being opened", { lanes: [full], waited: 51, opening: 1 }, "rest"],
  ["eight wait for a full one", { lanes: [full], waiting: 8 }, "wait 50"],
  ["nine wait for a full one", { lanes: [full], waiting: 9 }, "open"],
  ["one waits for one that hands over a long message", { lanes: [heldUp] }, "open"],
  [
    "one waits for one that hands over a long message, and another is being opened",
    { lanes: [heldUp], opening: 1 },
    "rest",
  ],
  ["nine wait, and one is being opened beside one", { lanes: [full], opening: 1, waiting: 100 }, "rest"],
  [
    "a hundred wait, and one is being opened beside two",
    { lanes: [full, lane("b", { full: true })], opening: 1, waiting: 100 },
    "open",
  ],
  [
    "the same, and the server has refused one beside others",
    { lanes: [full, lane("b", { full: true })], opening: 1, waiting: 100, isCrowded: true },
    "rest",
  ],
  [
    "those being opened and those that have not served may fail too, but not one that hands over a long message",
    {
      lanes: [
        full,
        lane("b", { full: true, hasServed: false }),
        lane("c", { hasServed: false, full: true, isHeldUp: true }),
      ],
      opening: 1,
      waiting: 100,
      delayOf: (unproven) => unproven * 100,
    },
    "wait 200",
  ],
  [
    "as many are being opened as may fail in this minute",
    { lanes: [full, lane("b", { full: true })], opening: 1, waiting: 100, delayOf: () => Infinity },
    "rest",
  ],
  ["the server wants no more beside it", { lanes: [full], waiting: 100, most: 1, delayBeside: 700 }, "wait 700"],
  ["no more beside one that closes", { closing: 1, most: 1, delayBeside: 700 }, "wait 700"],
  ["one more may be tried again", { lanes: [full], waiting: 100, isCrowded: true }, "open"],
  ["one more may be tried later", { lanes: [full], waiting: 100, delayBeside: 300 }, "wait 300"],
  ["there are as many as the caller allows", { lanes: [full], waiting: 100, connections: 1 }, "rest"],
  ["a caller is to be asked, and there is no connection", { unasked: 1 }, "open"],
  ["the same, and one is being opened", { unasked: 1, opening: 1 }, "rest"],
  ["the same, and the server may not be asked yet", { unasked: 1, delay: 400 }, "wait 400"],
  ["the same, and the rate is used up", { unasked: 1, messageDelay: 70 }, "wait 70"],
  ["the same, and it has failed us for long enough", { unasked: 1, mustGiveUp: true }, "give-up"],
  ["a caller is to be asked, and there is a connection", { unasked: 1, lanes: [lane("a")] }, "ask"],
  ["the same, and that one is spent", { unasked: 1, lanes: [lane("a", { isSpent: true })] }, "replace a"],
  ["callers are asked before the first message goes", { waiting: 1, unasked: 1, lanes: [lane("a")] }, "ask"],
  ["a window was asked ahead", { unasked: 1, ahead: 8, lanes: [full] }, "rest"],
  [
    "a window was asked ahead, and one of it may go",
    { waiting: 1, unasked: 1, ahead: 8, lanes: [lane("a")] },
    "send a",
  ],
  [
    "less than a window for each connection",
    { unasked: 1, ahead: 15, lanes: [full, lane("b", { full: true })] },
    "ask",
  ],
  ["the connection is gone, and a caller is being asked", { unasked: 9, ahead: 8 }, "rest"],
  [
    "those who were not asked count for another connection",
    { waiting: 1, unasked: 8, ahead: 8, lanes: [full] },
    "open",
  ],
  ["one that closes counts", { closing: 1, connections: 1 }, "rest"],
];

for (const [situation, given, decision] of table) {
  test(`${situation}: ${decision}`, () => {
    assert.equal(decided(given), decision);
  });
}

test("deciding changes nothing: the same state gives the same decision", () => {
  for (const [, given] of table) {
    const state = view(given);
    assert.deepEqual(decide(state, NOW), decide(state, NOW));
  }
});
