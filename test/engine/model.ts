/**
 * The pool against a server that misbehaves at random. Whatever a caller does and whatever comes back: each message's
 * outcome is true, no message is delivered twice, every send ends, nothing leaks, no minute sees a storm of connections
 * or logins, and no send fails for an outage shorter than the caller's patience. Time passes only when nothing else happens.
 */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { type Mailer, type Message, NetworkError, type SendOptions, type Transport } from "@postseal/mailer";
import { assertTruth, byBdat, byData, letter, type Rig, rigWith, stepwise, type Word, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import type { Behaviour, Cut, Excuse, Fault, Moment } from "./behaviour.ts";
import type { Connection } from "./connection.ts";
import type { Server } from "./server.ts";

/** Milliseconds of silence that count as a failure. */
const SILENCE = 200;
/** `pool.patience`, in milliseconds. */
const PATIENCE = 30_000;
const MINUTE = 60_000;
const FAILURES_A_MINUTE = 12;
const FAILED_LOGINS_A_MINUTE = 4;
/** Connections, for each act of a caller, that were opened because much mail waited and were not needed in the end. */
const MOST_SPARE = 5;

interface Misdeed {
  readonly moment: Moment;
  readonly count: number;
  readonly fault: Fault;
}

/** Without bias, which would prefer the first and the last value of each. */
const misdeed = fc.record(
  {
    moment: fc.noBias(fc.constantFrom<Moment>("EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "BDAT", "RSET", "final")),
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
/** A value once in `times` runs; `fc.option` makes `undefined` the rare one. */
function rarely<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.noBias(fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary }));
}

/**
 * A surplus reply in an envelope, and a message refused in the same transaction or soon after: the reply passes for the
 * answer to the message only if both come together, which hardly happens by chance.
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

/** 421 at the moments where servers' limits fire, and then an end that the server did not cause, with messages in flight. */
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
  readonly refusesAfterDot: boolean;
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
        [...byBdat, "LIMITS MAILMAX=2 RCPTDOMAINMAX=1"],
        ["CHUNKING", "SIZE 1000000"],
      ),
    ),
    delivery: fc.constantFrom("replies", "ticks", "octets", "turns"),
    refusesAfterDot: fc.boolean(),
    greeting: rarely(
      4,
      fc.constantFrom(
        "421" as const,
        "554" as const,
        "silence" as const,
        "close" as const,
        "nobody there" as const,
        "nobody there" as const,
      ),
    ),
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

type Plan = [
  connections: ConnectionPlan[],
  acts: Act[],
  most: number,
  window: number,
  transport: Transport,
  logsIn: boolean,
];

/** `begun` is called before each run, `excused` with each wrong outcome that nobody could have noticed. */
export function poolModel(
  begun: () => void = () => {},
  excused: (excuse: Excuse) => void = () => {},
): fc.IAsyncProperty<Plan> {
  return fc.asyncProperty(
    fc.array(connection, { minLength: 1, maxLength: 12 }),
    fc.array(act, { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom<Transport>("implicit", "starttls"),
    fc.boolean(),
    (...plan) => {
      begun();
      return holds(excused, ...plan);
    },
  );
}

async function holds(
  excused: (excuse: Excuse) => void,
  ...[connections, acts, most, window, transport, logsIn]: Plan
): Promise<void> {
  // The server is honest after the last of them. Otherwise a caller could rightly go on for ever.
  const behaviour = (index: number): Behaviour => behaviourOf(connections[index], logsIn);
  const rig = await rigWith(behaviour, {
    transport,
    ...(logsIn ? { credentials: { username: "alice", password: "open sesame" } } : {}),
    pool: { connections: most, window, patience: PATIENCE },
    timeouts: {
      greeting: SILENCE,
      ehlo: SILENCE,
      auth: SILENCE,
      envelope: SILENCE,
      finalReply: SILENCE,
      command: SILENCE,
      body: SILENCE,
    },
  });
  const { server } = rig;
  using clock = new Clock(() => server.traffic);
  const play = new Play(rig);
  for (const one of acts) await play.perform(one);
  const words = await play.settle();
  await play.close();
  await turn();
  for (const excuse of assertTruth(words, server)) excused(excuse);
  assert.equal(words.length, play.given);
  assert.equal(new Set(words.map(({ sender }) => sender)).size, words.length, "a receipt of another message");
  assertCalm(server, acts.length * MOST_SPARE + play.ended);
  for (const report of play.reports) assertPatience(report);
  assert.ok(
    server.connections.every(({ isClosed }) => isClosed),
    "a socket is left",
  );
  assert.equal(clock.needed, 0, "a timer is left");
  for (const signal of play.signals) assert.deepEqual(getEventListeners(signal, "abort"), []);
}

/** No minute has more useless connections or logins than the pool allows, not counting those that we ended. */
function assertCalm({ connections }: Server, spare: number): void {
  const idle = connections.filter(({ answeredAt }) => answeredAt === undefined);
  const most = (times: readonly number[]): number =>
    Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + MINUTE).length));
  const opened = most(idle.map(({ openedAt }) => openedAt));
  assert.ok(opened <= FAILURES_A_MINUTE + spare, `${opened} connections in a minute`);
  const loggedIn = most(idle.flatMap(({ loginAt }: Connection) => (loginAt === undefined ? [] : [loginAt])));
  assert.ok(loggedIn <= FAILED_LOGINS_A_MINUTE + spare, `${loggedIn} logins in a minute`);
}

/** Once a connection has carried a message, no send fails for want of one before the server was away for `PATIENCE`. */
function assertPatience({ word: { error }, after }: Report): void {
  if (!(error instanceof NetworkError) || !/^(connect|greeting|ehlo|starttls|handshake|auth)$/.test(error.phase))
    return;
  assert.ok(after >= PATIENCE, `failed after ${after} ms: ${error.message}`);
}

/** The word about a message, and how long it came after the last answer to another message of its mailer. */
interface Report {
  readonly word: Word;
  /** Milliseconds; Infinity if no other was answered. */
  readonly after: number;
}

function behaviourOf(given: ConnectionPlan | undefined, logsIn: boolean): Behaviour {
  const login = logsIn ? ["AUTH PLAIN"] : [];
  if (given === undefined) return { capabilities: [...byBdat, ...login] };
  const { misdeeds, ...honest } = given;
  return {
    ...honest,
    capabilities: [...honest.capabilities, ...login],
    fault: (moment, count) => misdeeds.find((one) => one.moment === moment && one.count === count)?.fault,
  };
}

/** A caller who sends, waits, gives up and closes as the plan says. */
export class Play {
  given = 0;
  /** How many messages may have ended a connection by their own failure. */
  ended = 0;
  readonly signals: AbortSignal[] = [];
  readonly reports: Report[] = [];
  readonly #another: () => Mailer;
  readonly #server: Server;
  #mailer: Mailer;
  /** How many connections there were before this mailer. */
  #before = 0;
  readonly #words: Promise<Word>[] = [];
  /** What the caller aborts with: the last failure, as in the usual `catch (error) { controller.abort(error) }`. */
  #reason: Error = new Error("never mind");

  constructor({ mailer, another, server }: Rig) {
    this.#mailer = mailer;
    this.#another = another;
    this.#server = server;
  }

  async perform(one: Act): Promise<void> {
    if (one.do === "settle") await Promise.all(this.#words);
    else if (one.do === "close") {
      await this.#mailer.close();
      this.#mailer = this.#another();
      this.#before = this.#server.connections.length;
    } else this.#send(one.kind, one.times, one.abortAfter);
  }

  settle(): Promise<readonly Word[]> {
    return Promise.all(this.#words);
  }

  close(): Promise<void> {
    return this.#mailer.close();
  }

  #send(kind: Kind, times: number, abortAfter: number | undefined): void {
    const abort = new AbortController();
    this.signals.push(abort.signal);
    for (let time = 0; time < times; time += 1) {
      const options = abortAfter === undefined ? {} : { signal: abort.signal };
      this.#words.push(this.#wordOf(messageOf(kind, `m${this.given}`), options));
      this.given += 1;
      if (kind === "failing stream" || abortAfter !== undefined) this.ended += 1;
    }
    if (abortAfter !== undefined) void this.#abortIn(abort, abortAfter);
  }

  async #wordOf(message: Message, options: SendOptions): Promise<Word> {
    const before = this.#before;
    const word = await wordOf(this.#mailer.send(message, options));
    if (word.error !== undefined) this.#reason = word.error;
    const answers = this.#server.connections
      .slice(before)
      .flatMap(({ answeredAt }) => (answeredAt === undefined ? [] : [answeredAt]));
    this.reports.push({ word, after: performance.now() - Math.max(-Infinity, ...answers) });
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
