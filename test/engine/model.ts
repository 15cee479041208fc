/**
 * The pool against a server that misbehaves at random: whatever a caller does and whatever comes back, the fate that each
 * message is told is true, no message is delivered twice, every send ends, and nothing is left behind.
 */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import type { Mailer, Message, SendOptions, Transport } from "@postseal/mailer";
import { assertTruth, byBdat, byData, letter, rigWith, stepwise, type Word, wordOf } from "./client.ts";
import type { Behaviour, Cut, Excuse, Fault, Moment } from "./server.ts";

/** Milliseconds until silence is a failure: long for a server in memory, short for whoever waits for the test. */
const PATIENCE = 200;
/** Connections that are opened since much mail waits, and are not needed in the end. */
const MOST_SPARE = 3;

interface Misdeed {
  readonly moment: Moment;
  readonly count: number;
  readonly fault: Fault;
}

/** Without bias, which would make the first and the last of each the usual. */
const misdeed = fc.record(
  {
    moment: fc.noBias(fc.constantFrom<Moment>("EHLO", "MAIL", "RCPT", "DATA", "BDAT", "BDAT", "RSET", "final")),
    count: fc.noBias(fc.integer({ min: 1, max: 12 })),
    fault: fc.noBias(
      fc.constantFrom<Fault>(
        "550",
        "451",
        "421",
        "421 and close",
        "421, then cut",
        "421, then cut by reset",
        "close",
        "reset",
        "garbage",
        "two replies",
        "354",
        "250",
        "235",
        "552",
        "silence",
        "done and gone",
        "550 and 421",
        "twice",
        "twice, later",
        "left out",
        "500 unread",
        "502 unread",
        "503 unread",
        "554 unread",
        "421 too",
        "250 too",
        "354 too",
        "garbage too",
      ),
    ),
  },
  { noNullPrototype: true },
);
/** Once in so many times. `fc.option` has it the other way round. */
function rarely<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.noBias(fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary }));
}

/**
 * One reply too many in an envelope, and a message refused in the same transaction or soon after: the one passes for the
 * answer to the other only if both come together, which they hardly do by chance.
 */
const outOfStep: fc.Arbitrary<Misdeed[]> = fc
  .tuple(
    fc.constantFrom<Moment>("MAIL", "RCPT"),
    fc.integer({ min: 1, max: 4 }),
    fc.nat(2),
    fc.constantFrom<Fault>("550", "451"),
  )
  .map(([moment, count, later, fault]) => [
    { moment, count, fault: "twice" },
    { moment: "BDAT", count: count + later, fault },
  ]);

/** 421 where a server's limits fire, and an end that is not the server's, with messages on their way. */
const brokenAfter421: fc.Arbitrary<Misdeed[]> = fc
  .tuple(
    fc.constantFrom<Moment>("MAIL", "MAIL", "RSET"),
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom<Fault>("421, then cut by reset", "421, then cut by reset", "421, then cut"),
  )
  .map(([moment, count, fault]) => [{ moment, count, fault }]);

interface ConnectionPlan {
  readonly capabilities: readonly string[];
  readonly delivery: NonNullable<Behaviour["delivery"]>;
  readonly refusesBehindDot: boolean;
  readonly greeting: Behaviour["greeting"];
  readonly enhanced: boolean;
  readonly misdeeds: readonly Misdeed[];
  /** An attacker on the path ends the connection at any moment. */
  readonly cut: Cut | undefined;
}
const connection: fc.Arbitrary<ConnectionPlan> = fc.record(
  {
    capabilities: fc.noBias(
      fc.constantFrom(
        byBdat,
        byData,
        stepwise,
        [...byBdat, "LIMITS MAILMAX=5 RCPTMAX=2"],
        ["CHUNKING", "SIZE 1000000"],
      ),
    ),
    delivery: fc.constantFrom("replies", "ticks", "octets", "turns"),
    refusesBehindDot: fc.boolean(),
    greeting: rarely(8, fc.constantFrom("421" as const, "554" as const, "silence" as const, "close" as const)),
    enhanced: fc.boolean(),
    misdeeds: fc.oneof(
      { weight: 6, arbitrary: fc.array(misdeed, { maxLength: 3 }) },
      { weight: 1, arbitrary: outOfStep },
      { weight: 1, arbitrary: brokenAfter421 },
    ),
    cut: rarely(
      3,
      fc.noBias(
        fc.record(
          {
            after: fc.nat(4_000),
            of: fc.constantFrom("client" as const, "server" as const),
            by: fc.constantFrom("close" as const, "reset" as const, "garbage" as const),
          },
          { noNullPrototype: true },
        ),
      ),
    ),
  },
  { noNullPrototype: true },
);

type Kind = "small" | "large" | "stream" | "failing stream" | "to many";
type Act =
  | { readonly do: "send"; readonly kind: Kind; readonly times: number; readonly abortAfter: number | undefined }
  | { readonly do: "settle" }
  | { readonly do: "close" };
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        do: fc.constant("send" as const),
        kind: fc.constantFrom<Kind>("small", "small", "small", "large", "stream", "failing stream", "to many"),
        times: fc.integer({ min: 1, max: 10 }),
        abortAfter: rarely(4, fc.nat(30)),
      },
      { noNullPrototype: true },
    ),
  },
  { weight: 2, arbitrary: fc.constant<Act>({ do: "settle" }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: "close" }) },
);

type Plan = [connections: ConnectionPlan[], acts: Act[], most: number, window: number, transport: Transport];

/** `begun` is called before each run, `excused` with what was told wrong because nobody could tell. */
export function poolModel(
  begun: () => void = () => {},
  excused: (excuse: Excuse) => void = () => {},
): fc.IAsyncProperty<Plan> {
  return fc.asyncProperty(
    fc.array(connection, { minLength: 1, maxLength: 4 }),
    fc.array(act, { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom<Transport>("implicit", "starttls"),
    (...plan) => {
      begun();
      return holds(excused, ...plan);
    },
  );
}

async function holds(
  excused: (excuse: Excuse) => void,
  ...[connections, acts, most, window, transport]: Plan
): Promise<void> {
  // After the last of them the server is honest: else a caller who goes on for ever would be right to.
  const behaviour = (index: number): Behaviour => behaviourOf(connections[index]);
  const { server, mailer } = await rigWith(behaviour, {
    transport,
    pool: { connections: most, window },
    timeouts: {
      greeting: PATIENCE,
      envelope: PATIENCE,
      finalReply: PATIENCE,
      command: PATIENCE,
      body: PATIENCE,
    },
  });
  const play = new Play(mailer);
  for (const one of acts) await play.perform(one);
  const words = await play.settle();
  await mailer.close();
  await turn();
  for (const excuse of assertTruth(words, server)) excused(excuse);
  assert.equal(words.length, play.given);
  assert.equal(new Set(words.map(({ sender }) => sender)).size, words.length, "the receipt of another message");
  // Whatever a server says: two attempts for each message, and one for each connection that was idle when it ended.
  const bound = connections.length + 2 * play.given + MOST_SPARE;
  assert.ok(server.connections.length <= bound, `${server.connections.length} connections`);
  assert.ok(
    server.connections.every(({ isClosed }) => isClosed),
    "a socket is left",
  );
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, 0, "a timer is left");
  for (const signal of play.signals) assert.deepEqual(getEventListeners(signal, "abort"), []);
}

function behaviourOf(given: ConnectionPlan | undefined): Behaviour {
  if (given === undefined) return { capabilities: byBdat };
  const { misdeeds, ...honest } = given;
  return {
    ...honest,
    fault: (moment, count) => misdeeds.find((one) => one.moment === moment && one.count === count)?.fault,
  };
}

/** A caller, who sends, waits, gives up and closes as the plan says. */
export class Play {
  given = 0;
  readonly signals: AbortSignal[] = [];
  readonly #mailer: Mailer;
  readonly #words: Promise<Word>[] = [];
  /** What the caller aborts with: the usual `catch (error) { controller.abort(error) }`, if something has failed. */
  #reason: Error = new Error("never mind");

  constructor(mailer: Mailer) {
    this.#mailer = mailer;
  }

  async perform(one: Act): Promise<void> {
    if (one.do === "settle") await Promise.all(this.#words);
    else if (one.do === "close") await this.#mailer.close();
    else this.#send(one.kind, one.times, one.abortAfter);
  }

  settle(): Promise<readonly Word[]> {
    return Promise.all(this.#words);
  }

  #send(kind: Kind, times: number, abortAfter: number | undefined): void {
    const abort = new AbortController();
    this.signals.push(abort.signal);
    for (let time = 0; time < times; time += 1) {
      const options = abortAfter === undefined ? {} : { signal: abort.signal };
      this.#words.push(this.#wordOf(messageOf(kind, `m${this.given}`), options));
      this.given += 1;
    }
    if (abortAfter !== undefined) void this.#abortIn(abort, abortAfter);
  }

  async #wordOf(message: Message, options: SendOptions): Promise<Word> {
    const word = await wordOf(this.#mailer.send(message, options));
    if (word.error !== undefined) this.#reason = word.error;
    return word;
  }

  async #abortIn(abort: AbortController, turns: number): Promise<void> {
    for (let at = 0; at < turns; at += 1) await turn();
    abort.abort(this.#reason);
  }
}

function messageOf(kind: Kind, name: string): Message {
  const one = letter(name);
  switch (kind) {
    case "small":
      return one;
    case "to many":
      return letter(
        name,
        Array.from({ length: 25 }, (_, index) => `to${index}-${name}@x.example`),
      );
    case "large":
      return { ...one, message: `${one.message}${"x\r\n".repeat(30_000)}` };
    case "stream":
      return { ...one, message: () => chunks(one.message, false) };
    case "failing stream":
      return { ...one, message: () => chunks(one.message, true) };
    default:
      return kind satisfies never;
  }
}

async function* chunks(text: string, fails: boolean): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  await turn();
  if (fails) throw new Error("disk on fire");
}
