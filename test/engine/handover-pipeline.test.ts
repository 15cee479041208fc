/**
 * A random pipeline of messages whose callers answer at once, late, with no, or not before close(), to a server that loses
 * connections: it gets no message, and no attempt at one, without a yes of its own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Message } from "@postseal/mailer";
import fc from "fast-check";
import type { Behaviour, Fault, Moment } from "./behaviour.ts";
import { assertTruth, byBdat, byData, letter, rigWith, stepwise, type Word, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import { long, streamed } from "./handover.ts";

const WINDOW = 4;

/** One answer of a caller: after so many turns yes or no; or none, until it gives the message up while the mailer closes. */
interface Answer {
  readonly says: "yes" | "no" | "nothing";
  readonly turns: number;
}
const answer: fc.Arbitrary<Answer> = fc.record(
  {
    says: fc.constantFrom<Answer["says"]>("yes", "yes", "yes", "yes", "no", "nothing"),
    turns: fc.constantFrom(0, 0, 1, 5, 60),
  },
  { noNullPrototype: true },
);

interface Planned {
  readonly kind: "whole" | "long" | "stream" | "to many";
  /** To each question; the last one again and again. Empty: there is nobody to ask. */
  readonly answers: readonly Answer[];
}
const planned: fc.Arbitrary<Planned> = fc.record(
  {
    kind: fc.constantFrom<Planned["kind"]>("whole", "whole", "whole", "whole", "long", "stream", "to many"),
    answers: fc.array(answer, { maxLength: 3 }),
  },
  { noNullPrototype: true },
);

const behaviour: fc.Arbitrary<Behaviour> = fc
  .record({
    capabilities: fc.constantFrom(byBdat, byData, stepwise, [...byBdat, "LIMITS RCPTMAX=2 MAILMAX=5"]),
    delivery: fc.constantFrom("replies" as const, "ticks" as const, "turns" as const),
    moment: fc.constantFrom<Moment>("MAIL", "RCPT", "RSET", "DATA", "BDAT", "final"),
    count: fc.integer({ min: 1, max: 6 }),
    fault: fc.constantFrom<Fault | undefined>(undefined, "421 and close", "close", "reset", "451", "550", "502 unread"),
  })
  .map(({ capabilities, delivery, moment, count, fault }) => ({
    capabilities,
    delivery,
    fault: (now, at) => (now === moment && at === count ? fault : undefined),
  }));

/** What one caller was asked and has said. */
class Asked {
  questions = 0;
  yes = 0;
  readonly over = new AbortController();
  readonly #answers: readonly Answer[];
  readonly #moved: () => void;

  constructor(answers: readonly Answer[], moved: () => void) {
    this.#answers = answers;
    this.#moved = moved;
  }

  readonly beforeHandover = async (): Promise<void> => {
    const { says, turns } = this.#answers[Math.min(this.questions, this.#answers.length - 1)] ?? assert.fail();
    this.questions += 1;
    if (says === "nothing") return new Promise(() => {});
    for (let at = 0; at < turns; at += 1) {
      await turn();
      this.#moved();
    }
    if (says === "no") throw new Error("no");
    this.yes += 1;
  };
}

test("whatever callers answer, and whatever becomes of connections: without a yes there is no attempt", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { minLength: 1, maxLength: 4 }),
      fc.array(planned, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(20),
      holds,
    ),
    { numRuns: 150, endOnFailure: true },
  );
});

async function holds(
  behaviours: readonly Behaviour[],
  messages: readonly Planned[],
  connections: number,
  pause: number,
): Promise<void> {
  let moves = 0;
  const { server, mailer } = await rigWith((index) => behaviours[index] ?? { capabilities: byBdat }, {
    pool: { connections, window: WINDOW },
  });
  using clock = new Clock(() => server.traffic + moves);
  const asked = messages.map(({ answers }) => new Asked(answers, () => (moves += 1)));
  const sending = messages.map(({ kind, answers }, index): Promise<Word> => {
    const { beforeHandover, over } = asked[index] ?? assert.fail();
    const options = answers.length === 0 ? {} : { beforeHandover, signal: over.signal };
    return wordOf(mailer.send(messageOf(kind, `m${index}`), options));
  });
  for (let at = 0; at < pause; at += 1) await turn();
  const closing = mailer.close();
  // Those who never answer give up one after the other: others may have waited for them.
  for (const { over, questions } of asked) {
    for (let at = 0; at < 5; at += 1) await turn();
    if (questions > 0) moves += 1;
    over.abort(new Error("stop"));
  }
  const words = await Promise.all(sending);
  await closing;
  assertTruth(words, server);
  const heard = server.connections.map((connection) => connection.heard).join("");
  for (const [index, { kind, answers }] of messages.entries()) {
    if (answers.length === 0) continue;
    const { yes, questions } = asked[index] ?? assert.fail();
    const copies = server.taken.filter(({ sender }) => sender === `m${index}@x.example`).length;
    assert.ok(copies <= yes, `m${index} was taken ${copies} times, after ${yes} times yes`);
    const begun = heard.split(`MAIL FROM:<m${index}@x.example>`).length - 1;
    const isWhole = kind === "whole" || kind === "to many";
    if (isWhole) assert.ok(begun <= yes, `m${index} was begun ${begun} times, after ${yes} times yes`);
    assert.ok(begun > 0 || isWhole || questions === 0, `m${index} was asked for before it began`);
  }
  await turn();
  assert.equal(clock.needed, 0, "a timer is left");
}

function messageOf(kind: Planned["kind"], name: string): Message {
  switch (kind) {
    case "whole":
      return letter(name);
    case "long":
      return long(name);
    case "stream":
      return streamed(name);
    default:
      return letter(
        name,
        [1, 2, 3].map((each) => `to${each}-${name}@x.example`),
      );
  }
}
