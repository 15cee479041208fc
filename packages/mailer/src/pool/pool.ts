/**
 * Which session carries the next message. All sessions have the same policy and the same credentials: they belong to the
 * pool, not to a message.
 *
 * Messages go in the order they came. A connection costs some seven round trips before it carries anything, so another one
 * is opened only where more messages wait than those there are could carry in that time.
 */
import { AbortedError } from "../errors/aborted-error.ts";
import { copyOf, MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import { Alarm } from "../net/alarm.ts";
import type { Receipt } from "../outcome/receipt.ts";
import type { Begun } from "../session/begin.ts";
import type { SendOptions } from "../session/call-options.ts";
import { BackOff } from "./back-off.ts";
import { isTurnedAway, Job } from "./job.ts";
import { Lane } from "./lane.ts";
import type { PoolLimits } from "./limits.ts";
import { Queue } from "./queue.ts";
import { RateLimit } from "./rate-limit.ts";
import { SignalWatch } from "./signal-watch.ts";

/** Messages that have to wait for each connection there is before another one is opened. */
const WORTH_A_CONNECTION = 8;
const SECOND = 1_000;
const MINUTE = 60_000;

export type OpenSession = (signal: AbortSignal) => Promise<Begun>;

export class Pool {
  readonly #open: OpenSession;
  readonly #limits: PoolLimits;
  readonly #peer: string;
  readonly #queue = new Queue<Job>();
  readonly #lanes = new Set<Lane>();
  readonly #opening = new Map<AbortController, Promise<void>>();
  readonly #closing = new Map<Lane, Promise<void>>();
  readonly #backOff = new BackOff();
  readonly #messageRate: RateLimit;
  readonly #recipientRate: RateLimit;
  /** Rings when the rate allows another message. */
  readonly #nextSlot = new Alarm(() => this.#pump());
  /** Rings when the server may be asked again. */
  readonly #nextAttempt = new Alarm(() => this.#pump());
  readonly #signals = new SignalWatch<Job>((job, reason) => this.#abandon(job, reason));
  #pumping = false;
  /** Messages whose fate is not told. */
  #untold = 0;
  #drained: (() => void)[] = [];

  constructor(open: OpenSession, limits: PoolLimits, peer: string) {
    this.#open = open;
    this.#limits = limits;
    this.#peer = peer;
    this.#messageRate = new RateLimit(limits.messagesPerSecond, SECOND);
    this.#recipientRate = new RateLimit(limits.recipientsPerMinute, MINUTE);
  }

  send(message: PreparedMessage, options: SendOptions): Promise<Receipt> {
    this.#untold += 1;
    return new Promise((resolve, reject) => {
      const job = new Job(message, options, resolve, reject);
      this.#enqueue(job, false);
      this.#pump();
    });
  }

  /** Waits for what is under way, then says QUIT everywhere. The pool can be used again. */
  async close(): Promise<void> {
    if (this.#untold > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    for (const opening of this.#opening.keys()) opening.abort();
    await Promise.all(this.#opening.values());
    for (const lane of this.#lanes) this.#leave(lane);
    // Who was given a message meanwhile still waits for one of these.
    this.#restWhereIdle();
    await Promise.all(this.#closing.values());
  }

  /** In the line, and at its head where it goes again. */
  #enqueue(job: Job, first: boolean): void {
    const { signal } = job.options;
    if (signal?.aborted === true) return this.#refuse([job], new AbortedError(signal.reason));
    // As long as it waits its signal is heeded here; then by the connection.
    if (signal !== undefined) this.#signals.add(signal, job);
    if (first) this.#queue.unshift(job);
    else this.#queue.push(job);
  }

  #abandon(job: Job, reason: unknown): void {
    this.#queue.remove(job);
    this.#refuse([job], new AbortedError(reason));
    // A connection that nobody waits for any more is not waited for either.
    if (this.#queue.size === 0) for (const opening of this.#opening.keys()) opening.abort();
    this.#restWhereIdle();
    this.#pump();
  }

  /** Nobody waits: no time has to come, and no process be kept alive for it. */
  #restWhereIdle(): void {
    if (this.#queue.size > 0) return;
    this.#nextSlot.cancel();
    this.#nextAttempt.cancel();
  }

  /** Begins what can begin now. */
  readonly #pump = (): void => {
    // What it begins may call it again; the loop that runs sees to that.
    if (this.#pumping) return;
    this.#pumping = true;
    for (let job = this.#queue.first; job !== undefined; job = this.#queue.first) {
      const { message } = job;
      const lane = this.#laneFor(message);
      if (lane === undefined || !this.#mayGo(message)) break;
      this.#queue.shift();
      this.#begin(job, lane);
    }
    this.#pumping = false;
    this.#connectWhereWorth();
  };

  /** The one with the least on its way: should it close, the fewest are in doubt. */
  #laneFor(message: PreparedMessage): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes) {
      if (!lane.lastsFor(message)) this.#leave(lane);
      else if (lane.admits(message) && (best === undefined || lane.inFlight < best.inFlight)) best = lane;
    }
    return best;
  }

  #mayGo({ envelope }: PreparedMessage): boolean {
    const recipients = envelope.forwardPaths.length;
    const delay = Math.max(this.#messageRate.delay(1), this.#recipientRate.delay(recipients));
    if (delay > 0) {
      this.#nextSlot.set(delay);
      return false;
    }
    this.#messageRate.take(1);
    this.#recipientRate.take(recipients);
    return true;
  }

  #begin(job: Job, lane: Lane): void {
    const kept = lane.begun > 0;
    this.#stopWatching(job);
    job.begin();
    lane.begin(job.message, job.options, (carried) => {
      if (isTurnedAway(carried) || carried.failure instanceof NetworkError) {
        if (!kept) this.#backOff.failed();
      } else if (carried.failure === undefined) this.#backOff.succeeded();
      if (job.goesAgain(carried, kept, lane.session.seal)) this.#enqueue(job, true);
      else {
        job.tell(carried, lane.session.seal, this.#peer);
        this.#told();
      }
      if (lane.isSpent) this.#leave(lane);
      else lane.rest();
    });
  }

  #connectWhereWorth(): void {
    const { size } = this.#queue;
    const connections = this.#lanes.size + this.#opening.size;
    if (size === 0 || connections + this.#closing.size >= this.#limits.connections) return;
    if (connections > 0 && size <= WORTH_A_CONNECTION * connections) return;
    // A server that has just failed us is asked by one connection, and not by as many as there is mail for.
    if (this.#opening.size > 0 && this.#backOff.isFailing) return;
    const delay = this.#backOff.delay();
    if (delay > 0) return this.#nextAttempt.set(delay);
    const opening = new AbortController();
    this.#opening.set(opening, this.#connect(opening));
  }

  /** Never rejects. */
  async #connect(opening: AbortController): Promise<void> {
    try {
      const begun = await this.#open(opening.signal);
      // It may have ended since: one that never carried anything is a connection that failed.
      if (!begun.session.isOpen && !opening.signal.aborted) throw endedAtOnce(this.#peer);
      const lane = new Lane(begun, this.#limits, this.#pump, this.#leave);
      this.#lanes.add(lane);
      if (opening.signal.aborted) this.#leave(lane);
    } catch (error) {
      this.#opening.delete(opening);
      if (!opening.signal.aborted) this.#connectionFailed(error);
    }
    this.#opening.delete(opening);
    this.#pump();
  }

  /** Where there is no other connection, the first who waits is told; and after a second failure everybody, instead of one attempt each. */
  #connectionFailed(error: unknown): void {
    this.#backOff.failed();
    if (this.#lanes.size > 0 || this.#opening.size > 0) return;
    const first = this.#backOff.delay() > 0 ? undefined : this.#queue.shift();
    this.#refuse(first === undefined ? this.#queue.clear() : [first], error);
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
    if (!this.#lanes.delete(lane)) return;
    this.#closing.set(lane, this.#closed(lane));
  };

  async #closed(lane: Lane): Promise<void> {
    await lane.close();
    this.#closing.delete(lane);
    this.#pump();
  }
}

function endedAtOnce(peer: string): NetworkError {
  return new NetworkError("MAIL_NETWORK_LOST", "idle", `${peer} ended the session as soon as it was set up.`);
}
