/**
 * Decides which session carries the next message. Policy and credentials belong to the pool, not to a message: they are the
 * same for all sessions. `decide.ts` says what to do next; this file does it, in one place.
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
import type { CallOptions } from "../session/call-options.ts";
import type { Carried } from "../session/carrier.ts";
import { unsentReceipt, withReceipt } from "../session/conclusion.ts";
import { decide, type PoolView } from "./decide.ts";
import { isTurnedAway, Job } from "./job.ts";
import { Lane } from "./lane.ts";
import type { PoolLimits } from "./limits.ts";
import { Line } from "./line.ts";
import { type Absence, type Opening, Openings } from "./openings.ts";
import { RateLimit } from "./rate-limit.ts";
import { SignalWatch } from "./signal-watch.ts";

const SECOND = 1_000;
const MINUTE = 60_000;

export type OpenSession = (signal: AbortSignal) => Promise<Begun>;

/** The state from which `decide` decides. */
class State implements PoolView<Lane> {
  readonly queue: Line;
  readonly lanes = new Set<Lane>();
  readonly opening = new Map<AbortController, Promise<void>>();
  readonly closing = new Map<Lane, Promise<void>>();
  readonly openings = new Openings();
  readonly messageRate: RateLimit;
  readonly recipientRate: RateLimit;
  readonly limits: PoolLimits;

  constructor(queue: Line, limits: PoolLimits) {
    this.queue = queue;
    this.limits = limits;
    this.messageRate = new RateLimit(limits.messagesPerSecond, SECOND);
    this.recipientRate = new RateLimit(limits.recipientsPerMinute, MINUTE);
  }
}

export class Pool {
  readonly #open: OpenSession;
  readonly #peer: string;
  readonly #state: State;
  /** Rings when it is time to decide again, although nothing has happened. */
  readonly #alarm = new Alarm(() => this.#pump());
  readonly #signals = new SignalWatch<Job>((job, reason) => this.#abandon(job, reason));
  #pumping = false;
  #timing = false;
  /** Messages without a result yet. */
  #unsettled = 0;
  #drained: (() => void)[] = [];

  constructor(open: OpenSession, limits: PoolLimits, peer: string) {
    this.#open = open;
    this.#peer = peer;
    this.#state = new State(new Line(this.#pump, this.#refusedByCaller), limits);
  }

  send(message: PreparedMessage, options: CallOptions): Promise<Receipt> {
    this.#unsettled += 1;
    return new Promise((resolve, reject) => {
      this.#enqueue(new Job(message, options, resolve, reject), false);
      this.#pump();
    });
  }

  /** The result of a message that was given after `close`. */
  refuse(message: PreparedMessage): Promise<Receipt> {
    return Promise.reject(withReceipt(closedMailer(this.#peer), unsentReceipt(message)));
  }

  /** Waits for the messages that were given, then says QUIT on each connection. `send` may not be called any more. */
  async close(): Promise<void> {
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    const { opening, lanes, closing } = this.#state;
    for (const abort of opening.keys()) abort.abort();
    await Promise.all(opening.values());
    for (const lane of lanes) this.#retire(lane);
    await Promise.all(closing.values());
    this.#alarm.cancel();
  }

  /** Puts it into the queue; first if a part of it has gone already, or if it goes again. */
  #enqueue(job: Job, first: boolean): void {
    const { signal } = job.options;
    if (signal?.aborted === true) return this.#refuse([job], new AbortedError(signal.reason));
    // While it waits, its signal is watched here; after that, by the conversation.
    if (signal !== undefined) this.#signals.add(signal, job);
    if (first) this.#state.queue.unshift(job);
    else this.#state.queue.push(job);
  }

  #abandon(job: Job, reason: unknown): void {
    const { queue, opening } = this.#state;
    queue.remove(job);
    // defence: reason-of-a-waiting-abort-is-a-cause
    this.#refuse([job], new AbortedError(reason));
    // If no message waits any more, give up the connections that are being opened.
    if (queue.isEmpty) for (const abort of opening.keys()) abort.abort();
    this.#pump();
  }

  readonly #refusedByCaller = (job: Job, error: unknown): void => {
    this.#refuse([job], error);
    this.#pump();
  };

  /** Called when a connection may carry another message. */
  readonly #hasRoom = (): void => {
    if (this.#state.queue.size > 0) this.#pump();
  };

  /** Does all that can be done now. */
  readonly #pump = (): void => {
    // What the loop begins may call this again: the loop that is running then does the work.
    if (this.#pumping) return;
    this.#pumping = true;
    const now = performance.now();
    try {
      while (this.#act(now));
    } finally {
      // After a bug of ours it goes on: a loop that never ran again would leave every send and close() waiting.
      this.#pumping = false;
    }
    const { first } = this.#state.queue;
    if (first !== undefined) first.since ??= now;
  };

  /** Returns whether there may be more to do. */
  #act(now: number): boolean {
    const decision = decide(this.#state, now);
    switch (decision.do) {
      case "send":
        this.#begin(decision.lane, now);
        return true;
      case "ask":
        this.#state.queue.askNext();
        return true;
      case "open":
        this.#connect();
        return true;
      case "replace":
        this.#replace(decision.lane);
        return true;
      case "give-up":
        this.#giveUp();
        return true;
      case "wait":
        this.#alarm.set(decision.milliseconds);
        return false;
      case "rest":
        // Nothing depends on time now, so the alarm must not keep the process alive.
        this.#alarm.disarm();
        if (this.#unsettled === 0) this.#state.openings.nobodyWaits(); // defence: carried-in-vain-is-waiting
        return false;
      default:
        return decision satisfies never;
    }
  }

  /** Begins the first message in the queue, or a part of it. */
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
    messageRate.reserve(1, now);
    recipientRate.reserve(part.envelope.forwardPaths.length, now);
    this.#timeWrites();
    const kept = lane.begun > 0;
    const done = (carried: Carried): void => this.#carried(job, lane, carried, kept);
    lane.begin(part, job.options, { written: this.#hasRoom, done });
  }

  /** What is begun now is written at the end of this tick, and the caller's code may take long in it. */
  #timeWrites(): void {
    const { messageRate, recipientRate } = this.#state;
    if (this.#timing || (messageRate.most === Infinity && recipientRate.most === Infinity)) return;
    this.#timing = true;
    setImmediate(() => {
      this.#timing = false;
      for (const rate of [messageRate, recipientRate]) rate.happened(performance.now());
    });
  }

  /** `kept`: the message was not the first on its connection. */
  #carried(job: Job, lane: Lane, carried: Carried, kept: boolean): void {
    lane.answered();
    const passage = { kept, hasServed: lane.hasServed || carried.refusesChunks === true };
    if (!lane.hasServed) this.#judgeOpening(lane, carried);
    const left = job.leftAfter(carried, passage);
    if (left.length > 0) {
      job.goOn(carried, passage, left, lane.seal);
      // If the connection had served no message, let another message try the next one: this one may be what ends them.
      this.#enqueue(job, passage.hasServed || carried.failure === undefined);
    } else {
      job.settle(carried, lane.seal, { peer: this.#peer, wantsLogin: lane.wantsLogin });
      this.#settled();
    }
    this.#pump();
  }

  /** An opening has succeeded once its first message is answered. */
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

  /** `own`: the lane that the opening had become. */
  #openingFailed(opening: Opening, error: unknown, own?: Lane): void {
    const { lanes, closing, openings } = this.#state;
    let others = 0;
    for (const lane of [...lanes, ...closing.keys()]) if (lane !== own && lane.isOpen) others += 1;
    const now = performance.now();
    const up = own === undefined ? 0 : now - own.openedAt;
    openings.failed(opening, { others, up, loggedIn: own?.isLoggedIn === true, error }, now);
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
      const lane = new Lane(await this.#open(signal), attempt, limits, this.#retire);
      // It may have ended already: a connection that never carried anything has failed.
      // defence: ended-at-once-has-failed
      if (!lane.isOpen && !signal.aborted) {
        this.#openingFailed(attempt, endedAtOnce(this.#peer), lane);
        await lane.close();
      } else {
        openings.opened(attempt, performance.now());
        lanes.add(lane);
        if (signal.aborted) this.#retire(lane);
      }
    } catch (error) {
      if (!signal.aborted) this.#openingFailed(attempt, error);
    }
    opening.delete(abort);
    this.#pump();
  }

  /** Fails all waiting sends together, instead of after one attempt each. */
  #giveUp(): void {
    const { openings, queue } = this.#state;
    const { absence } = openings;
    openings.nobodyWaits();
    if (absence !== undefined) this.#refuse(queue.clear(), describeAbsence(absence, this.#peer));
  }

  /** Each gets its own error, since each has its own receipt. */
  #refuse(jobs: readonly Job[], error: unknown): void {
    for (const [index, job] of jobs.entries()) {
      this.#stopWatching(job);
      job.refuse(index > 0 && error instanceof MailError ? copyOf(error) : error);
      this.#settled();
    }
  }

  #stopWatching(job: Job): void {
    const { signal } = job.options;
    if (signal !== undefined) this.#signals.remove(signal, job);
  }

  #settled(): void {
    this.#unsettled -= 1;
    if (this.#unsettled > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Of a connection that can carry nothing more. If it has ended before it carried anything, its opening has failed. */
  #replace(lane: Lane): void {
    // defence: ended-while-idle-has-failed
    if (lane.begun === 0 && !lane.isOpen) this.#openingFailed(lane.opening, endedAtOnce(this.#peer), lane);
    this.#retire(lane);
  }

  /** Gives it no more messages; it closes when those under way have been answered. */
  readonly #retire = (lane: Lane): void => {
    if (!this.#state.lanes.delete(lane)) return;
    this.#state.closing.set(lane, this.#closed(lane));
  };

  async #closed(lane: Lane): Promise<void> {
    await lane.close();
    this.#state.closing.delete(lane);
    this.#pump();
  }
}

/** Whether the server or the network ended the connection, and not the caller, by an abort or a bad input. */
function isOfServer(failure: unknown): boolean {
  return failure instanceof NetworkError || failure instanceof ProtocolError || failure instanceof TlsError;
}

/** The error of every call after `close`. */
export function closedMailer(peer: string): SessionError {
  return new SessionError(`The mailer for ${peer} is closed: make another one with createMailer.`);
}

function endedAtOnce(peer: string): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", "idle", `${peer} ended the session before it had carried a message.`);
}

function turnedAway(peer: string): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", "envelope", `${peer} said 421 to the first message of a session.`);
}

/** The last error, with how long and how often it was tried if it was tried more than once. */
function describeAbsence({ error, since, tried }: Absence, peer: string): unknown {
  if (!(error instanceof MailError) || tried < 2) return error;
  const began = new Date(performance.timeOrigin + since);
  const seconds = Math.round((performance.now() - since) / SECOND);
  return copyOf(
    error,
    `${error.message} ${peer} has not served since ${began.toISOString().slice(0, 19)}Z (${seconds} s); it was tried ${tried} times.`,
  );
}
