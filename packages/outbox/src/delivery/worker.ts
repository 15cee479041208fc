/** A worker: runs all accounts of this process, shows that it lives, and takes over from workers that do not. */
import { randomUUID } from "node:crypto";
import { LONGEST_TIMER } from "@postseal/mailer/internal";
import { readGrace, refusal } from "../options.ts";
import type { PurgeRequest, Store, WorkerSeen } from "../store/operations.ts";
import type { Account } from "./account.ts";
import { Runner } from "./runner.ts";
import { isPassing, Storeroom } from "./storeroom.ts";
import { hasEnded, thisProcess } from "./this-process.ts";

export interface OutboxWorker {
  /**
   * Begins nothing any more, and waits for what is under way; what is not handed over by then waits for another worker. After `grace`
   * milliseconds (default 25000) it ends the rest, and what may have been handed over without an answer is unknown.
   */
  close(options?: { readonly grace?: number | undefined }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WorkerOptions {
  readonly accounts: readonly Account[];
  readonly weights: Readonly<Record<string, number>>;
  readonly keepBody: number;
  readonly keepRecord: number;
  readonly delayAfter: number;
  readonly development: boolean;
  /** Milliseconds without a heartbeat after which a worker counts as dead. */
  readonly silence: number;
}

const GRACE = 25_000;
/** Heartbeats in the time after which a worker counts as dead. */
const BEATS = 6;
const MOST_PURGED = 100;

export class DeliveryWorker implements OutboxWorker {
  readonly #options: WorkerOptions;
  readonly #id = randomUUID();
  readonly #ended = new AbortController();
  readonly #direct: Store;
  readonly #store: Storeroom;
  readonly #runners: readonly Runner[];
  /** When each other worker's heartbeat was last seen to change, by this process's own clock: the wall clock may be set. */
  readonly #seen = new Map<string, { readonly beat: number; readonly at: number }>();
  readonly #timer: NodeJS.Timeout;
  #maintenance: Promise<void> | undefined;
  #forgetting: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(store: Store, options: WorkerOptions) {
    if (options.accounts.length === 0)
      throw refusal("accounts", "are needed to send. A process without any can queue messages for one that has them");
    this.#options = options;
    this.#direct = store;
    this.#store = new Storeroom(store, this.#ended.signal);
    const { weights, keepBody, development } = options;
    this.#runners = options.accounts.map(
      (account) => new Runner({ worker: this.#id, account, store: this.#store, weights, keepBody, development }),
    );
    this.#timer = setInterval(() => void this.#maintain(), Math.min(options.silence / BEATS, LONGEST_TIMER));
  }

  /** Works until it is closed. Rejects if the store fails for good. */
  async run(): Promise<void> {
    await this.#maintain();
    await Promise.all(this.#runners.map((runner) => runner.run()));
  }

  /** Works until nothing is due that could be sent now. */
  async drain(): Promise<void> {
    await this.#maintain();
    await Promise.all(this.#runners.map((runner) => runner.drain()));
    await this.#forgetting;
  }

  wake(): void {
    for (const runner of this.#runners) runner.wake();
  }

  async close(options: { readonly grace?: number | undefined } = {}): Promise<void> {
    const grace = readGrace(options) ?? GRACE;
    this.#closed ??= this.#close(grace);
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(grace: number): Promise<void> {
    const timer = setTimeout(() => this.#ended.abort(), grace);
    await Promise.all(this.#runners.map((runner) => runner.stop(grace)));
    clearTimeout(timer);
    clearInterval(this.#timer);
    this.#ended.abort();
    await this.#maintenance;
    await this.#forgetting;
    // What could not be written down stays this worker's, until another takes it for dead.
    await this.#direct.call("leave", { worker: this.#id }).catch(() => null);
  }

  /** One at a time: the store may be slow. Never throws. */
  #maintain(): Promise<void> {
    this.#maintenance ??= this.#maintainOnce()
      .catch((error: unknown) => this.#warn(error))
      .finally(() => {
        this.#maintenance = undefined;
      });
    return this.#maintenance;
  }

  #warn(error: unknown): void {
    if (!isPassing(error) && !this.#ended.signal.aborted) process.emitWarning(String(error), { code: "OUTBOX_STORE" });
  }

  async #maintainOnce(): Promise<void> {
    const { delayAfter, keepRecord, keepBody } = this.#options;
    const store = this.#direct;
    const now = Date.now();
    await store.call("beat", { ...thisProcess(this.#id), now });
    const dead = this.#deadOf(await store.call("workers", null));
    const { reclaimed } = await store.call("reap", { workers: dead, now });
    const { expired } = await store.call("expire", { now, delayAfter, keepBody });
    if (reclaimed + expired > 0) this.wake();
    // Nothing that is to be sent waits for it.
    const old = { before: now - keepRecord, now, recipient: undefined, most: MOST_PURGED };
    this.#forgetting ??= this.#forget(old)
      .catch((error: unknown) => this.#warn(error))
      .finally(() => {
        this.#forgetting = undefined;
      });
  }

  /** In small steps, so that no other call waits long. */
  async #forget(request: PurgeRequest): Promise<void> {
    while ((await this.#direct.call("purge", request)).more && !this.#ended.signal.aborted);
  }

  #deadOf(workers: readonly WorkerSeen[]): readonly string[] {
    const now = performance.now();
    const others = workers.filter(({ worker }) => worker !== this.#id);
    for (const { worker, seen } of others)
      if (this.#seen.get(worker)?.beat !== seen) this.#seen.set(worker, { beat: seen, at: now });
    return others
      .filter((one) => hasEnded(one) || now - (this.#seen.get(one.worker)?.at ?? now) > this.#options.silence)
      .map(({ worker }) => worker);
  }
}
