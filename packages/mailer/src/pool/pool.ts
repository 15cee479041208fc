/**
 * Which session carries the next message. All sessions have the same policy and the same credentials: they belong to the
 * pool, not to a message. What to do next is looked up (`decide.ts`); it is done here, in one place.
 */
import { AbortedError } from "../errors/aborted-error.ts";
import { copyOf, MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { SessionError } from "../errors/session-error.ts";
import { TlsError } from "../errors/tls-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import { Alarm } from "../net/alarm.ts";
import type { Receipt } from "../outcome/receipt.ts";
import { assertRepeatable } from "../protocol/split.ts";
import type { Begun } from "../session/begin.ts";
import type { SendOptions } from "../session/call-options.ts";
import type { Carried } from "../session/carrier.ts";
import { unsentReceipt, withReceipt } from "../session/conclusion.ts";
import { decide, type PoolView } from "./decide.ts";
import { isTurnedAway, Job } from "./job.ts";
import { Lane } from "./lane.ts";
import type { PoolLimits } from "./limits.ts";
import { type Absence, type Opening, Openings } from "./openings.ts";
import { Queue } from "./queue.ts";
import { RateLimit } from "./rate-limit.ts";
import { SignalWatch } from "./signal-watch.ts";

const SECOND = 1_000;
const MINUTE = 60_000;

export type OpenSession = (signal: AbortSignal) => Promise<Begun>;

/** All that decides what comes next. */
class State implements PoolView<Lane> {
  readonly queue = new Queue<Job>();
  readonly lanes = new Set<Lane>();
  readonly opening = new Map<AbortController, Promise<void>>();
  readonly closing = new Map<Lane, Promise<void>>();
  readonly openings = new Openings();
  readonly messageRate: RateLimit;
  readonly recipientRate: RateLimit;
  readonly limits: PoolLimits;

  constructor(limits: PoolLimits) {
    this.limits = limits;
    this.messageRate = new RateLimit(limits.messagesPerSecond, SECOND);
    this.recipientRate = new RateLimit(limits.recipientsPerMinute, MINUTE);
  }
}

export class Pool {
  readonly #open: OpenSession;
  readonly #peer: string;
  readonly #state: State;
  /** Rings when something can be done without anything happening before. */
  readonly #alarm = new Alarm(() => this.#pump());
  readonly #signals = new SignalWatch<Job>((job, reason) => this.#abandon(job, reason));
  #pumping = false;
  /** Messages whose fate is not told. */
  #untold = 0;
  #drained: (() => void)[] = [];

  constructor(open: OpenSession, limits: PoolLimits, peer: string) {
    this.#open = open;
    this.#peer = peer;
    this.#state = new State(limits);
  }

  send(message: PreparedMessage, options: SendOptions): Promise<Receipt> {
    this.#untold += 1;
    return new Promise((resolve, reject) => {
      this.#enqueue(new Job(message, options, resolve, reject), false);
      this.#pump();
    });
  }

  /** The outcome of a message that was given after `close`. */
  refuse(message: PreparedMessage): Promise<Receipt> {
    return Promise.reject(withReceipt(closedMailer(this.#peer), unsentReceipt(message)));
  }

  /** Waits for what was given, then says QUIT everywhere. Nothing may be given any more. */
  async close(): Promise<void> {
    if (this.#untold > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    const { opening, lanes, closing } = this.#state;
    for (const abort of opening.keys()) abort.abort();
    await Promise.all(opening.values());
    for (const lane of lanes) this.#leave(lane);
    await Promise.all(closing.values());
    this.#alarm.cancel();
  }

  /** In the line, and at its head if a part of it has gone, or it goes again. */
  #enqueue(job: Job, first: boolean): void {
    const { signal } = job.options;
    if (signal?.aborted === true) return this.#refuse([job], new AbortedError(signal.reason));
    // As long as it waits its signal is heeded here; then by the connection.
    if (signal !== undefined) this.#signals.add(signal, job);
    if (first) this.#state.queue.unshift(job);
    else this.#state.queue.push(job);
  }

  #abandon(job: Job, reason: unknown): void {
    const { queue, opening } = this.#state;
    queue.remove(job);
    // defence: reason-of-a-waiting-abort-is-a-cause
    this.#refuse([job], new AbortedError(reason));
    // A connection that nobody waits for any more is not waited for either.
    if (queue.size === 0) for (const abort of opening.keys()) abort.abort();
    this.#pump();
  }

  /** A connection may carry another message. */
  readonly #hasRoom = (): void => {
    if (this.#state.queue.size > 0) this.#pump();
  };

  /** Does all that can be done now. */
  readonly #pump = (): void => {
    // What it begins may call it again; the loop that runs sees to that.
    if (this.#pumping) return;
    this.#pumping = true;
    const now = performance.now();
    while (this.#act(now));
    this.#pumping = false;
    const { first } = this.#state.queue;
    if (first !== undefined) first.since ??= now;
  };

  /** Whether there may be more to do. */
  #act(now: number): boolean {
    const decision = decide(this.#state, now);
    switch (decision.do) {
      case "send":
        this.#begin(decision.lane, now);
        return true;
      case "open":
        this.#connect();
        return true;
      case "replace":
        this.#leave(decision.lane);
        return true;
      case "give-up":
        this.#giveUp();
        return true;
      case "wait":
        this.#alarm.set(decision.milliseconds);
        return false;
      case "rest":
        // Nobody waits for a time: no process is kept alive for it.
        this.#alarm.disarm();
        if (this.#state.queue.size === 0) this.#state.openings.nobodyWaits();
        return false;
      default:
        return decision satisfies never;
    }
  }

  /** The first in the queue, or a part of it. */
  #begin(lane: Lane, now: number): void {
    const { queue, messageRate, recipientRate } = this.#state;
    const job = queue.shift();
    if (job === undefined) return;
    this.#stopWatching(job);
    const part = lane.partOf(job.message, recipientRate.most);
    try {
      assertRepeatable(job.message, part, this.#peer);
    } catch (error) {
      return this.#refuse([job], error);
    }
    messageRate.take(1, now);
    recipientRate.take(part.envelope.forwardPaths.length, now);
    const kept = lane.begun > 0;
    const done = (carried: Carried): void => this.#carried(job, lane, carried, kept);
    lane.begin(part, job.options, { written: this.#hasRoom, done });
  }

  /** `kept`: it was not the first on its connection. */
  #carried(job: Job, lane: Lane, carried: Carried, kept: boolean): void {
    lane.answered();
    const passage = { kept, hasServed: lane.hasServed || carried.refusesChunks === true };
    if (!lane.hasServed) this.#judgeOpening(lane, carried);
    const left = job.leftAfter(carried, passage);
    if (left.length > 0) {
      job.goOn(carried, passage, left, lane.seal);
      // If the connection had not served anybody, another message is to try the next: this one may be what ends them.
      this.#enqueue(job, passage.hasServed || carried.failure === undefined);
    } else {
      job.tell(carried, lane.seal, this.#peer);
      this.#told();
    }
    this.#pump();
  }

  /** A connection serves from its first answered message on. */
  #judgeOpening(lane: Lane, carried: Carried): void {
    const { openings, lanes, closing } = this.#state;
    const answered = carried.failure === undefined || carried.refusesChunks === true;
    if (isTurnedAway(carried) || (isOfServer(carried.failure) && !answered)) {
      this.#openingFailed(lane.opening, carried.failure ?? turnedAway(this.#peer), lane);
    } else if (answered) {
      lane.hasServed = true;
      openings.served(lanes.size + closing.size);
    }
  }

  /** `own`: the connection that it had become. */
  #openingFailed(opening: Opening, error: unknown, own?: Lane): void {
    const { lanes, closing, openings } = this.#state;
    let others = 0;
    for (const lane of [...lanes, ...closing.keys()]) if (lane !== own && lane.isOpen) others += 1;
    openings.failed(opening, others, error, performance.now());
  }

  #connect(): void {
    const abort = new AbortController();
    this.#state.opening.set(abort, this.#connected(abort));
  }

  /** Never rejects. */
  async #connected(abort: AbortController): Promise<void> {
    const { lanes, opening, openings, limits } = this.#state;
    const { signal } = abort;
    const attempt = openings.begin(performance.now());
    try {
      const begun = await this.#open(signal);
      // It may have ended since: one that never carried anything is a connection that failed.
      // defence: ended-at-once-has-failed
      if (!begun.session.isOpen && !signal.aborted) throw endedAtOnce(this.#peer);
      openings.opened(attempt, performance.now());
      const lane = new Lane(begun, attempt, limits, this.#leave);
      lanes.add(lane);
      if (signal.aborted) this.#leave(lane);
    } catch (error) {
      if (!signal.aborted) this.#openingFailed(attempt, error);
    }
    opening.delete(abort);
    this.#pump();
  }

  /** All waiting sends fail together, instead of one attempt each. */
  #giveUp(): void {
    const { openings, queue } = this.#state;
    const { absence } = openings;
    openings.told();
    if (absence !== undefined) this.#refuse(queue.clear(), describeAbsence(absence, this.#peer));
  }

  /** Each with an error of its own, since each has a receipt of its own. */
  #refuse(jobs: readonly Job[], error: unknown): void {
    for (const [index, job] of jobs.entries()) {
      this.#stopWatching(job);
      job.refuse(index > 0 && error instanceof MailError ? copyOf(error) : error);
      this.#told();
    }
  }

  #stopWatching(job: Job): void {
    const { signal } = job.options;
    if (signal !== undefined) this.#signals.remove(signal, job);
  }

  #told(): void {
    this.#untold -= 1;
    if (this.#untold > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Takes no more messages to it; it closes when those under way have been answered. */
  readonly #leave = (lane: Lane): void => {
    if (!this.#state.lanes.delete(lane)) return;
    this.#state.closing.set(lane, this.#closed(lane));
  };

  async #closed(lane: Lane): Promise<void> {
    await lane.close();
    this.#state.closing.delete(lane);
    this.#pump();
  }
}

/** Whether the server or the network ended the connection, and not the caller, who aborts or gives something bad. */
function isOfServer(failure: unknown): boolean {
  return failure instanceof NetworkError || failure instanceof ProtocolError || failure instanceof TlsError;
}

/** The error of every call after `close`. */
export function closedMailer(peer: string): SessionError {
  return new SessionError(`The mailer for ${peer} is closed: make another one with createMailer.`);
}

function endedAtOnce(peer: string): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", "idle", `${peer} ended the session as soon as it was set up.`);
}

function turnedAway(peer: string): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", "envelope", `${peer} said 421 to the first message of a session.`);
}

/** The last error, and for how long it was tried, if that says more. */
function describeAbsence({ error, since, tried }: Absence, peer: string): unknown {
  if (!(error instanceof MailError) || tried < 2) return error;
  const began = new Date(performance.timeOrigin + since);
  const seconds = Math.round((performance.now() - since) / SECOND);
  return copyOf(
    error,
    `${error.message} ${peer} has not served since ${began.toISOString().slice(0, 19)}Z (${seconds} s); it was tried ${tried} times.`,
  );
}
