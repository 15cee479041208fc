/** Sends the messages of one account: claims, marks before the last octets, and writes down what became of each. */
import { type Mailer, type ReadyMessage, type Receipt, receiptOf } from "@postseal/mailer";
import { OutboxError } from "../errors/outbox-error.ts";
import { weakerThan } from "../model/floor.ts";
import type { Claim, Claimed, RecipientFate, Settlement } from "../store/operations.ts";
import type { Account } from "./account.ts";
import { readDsn } from "./dsn.ts";
import { settlementOf } from "./settlement.ts";
import { isPassing, sleep, type Storeroom } from "./storeroom.ts";

/** Milliseconds between two questions for work: short after there was some, longer while there is none. */
const FIRST_POLL = 250;
const LONGEST_POLL = 2_000;
/** The store is away, or the last question failed. */
const AWAY = 1_000;
const MOST_OCTETS = 32 * 1024 * 1024;
/** What is not delivered in development is kept so long, in milliseconds, to be looked at. */
const KEPT_IN_DEVELOPMENT = 30 * 24 * 60 * 60_000;

export interface RunnerOptions {
  readonly worker: string;
  readonly account: Account;
  readonly store: Storeroom;
  readonly weights: Readonly<Record<string, number>>;
  readonly keepBody: number;
  readonly development: boolean;
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #mailer: Mailer;
  readonly #underWay = new Set<Promise<void>>();
  /** No new claim and no new mark. */
  readonly #stopping = new AbortController();
  /** What is under way ends too. */
  readonly #ending = new AbortController();
  #wake = new AbortController();
  /** Settles once the last claim is answered, and what it gave has begun. */
  #claiming: Promise<unknown> = Promise.resolve();
  /** Why the store could not answer the last claim. */
  #refusal: OutboxError | undefined;
  /** Resolves when one of those under way ends. */
  #end = Promise.withResolvers<void>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#mailer = options.account.open();
  }

  /** There may be something to do. */
  wake(): void {
    this.#wake.abort();
  }

  /** Works until `stop`. */
  async run(): Promise<void> {
    let pause = FIRST_POLL;
    while (!this.#stopping.signal.aborted) {
      const claimed = await this.#claim();
      if (claimed !== undefined && claimed.claims.length > 0) pause = FIRST_POLL;
      else if (this.#underWay.size > 0) await Promise.race([this.#end.promise, this.#rest(pause)]);
      else {
        await this.#rest(claimed === undefined ? AWAY : pauseUntil(claimed, pause));
        pause = Math.min(LONGEST_POLL, pause * 2);
      }
    }
  }

  /** Works until nothing is due that could be sent now. Rejects if the store cannot say what is due, and nothing is under way. */
  async drain(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const claimed = await this.#claim();
      if (claimed === undefined) {
        if (this.#underWay.size === 0 && this.#refusal !== undefined) throw this.#refusal;
        await this.#rest(AWAY);
      } else if (claimed.claims.length > 0) continue;
      else if (this.#underWay.size > 0) await this.#end.promise;
      else if (claimed.limited) await this.#rest(pauseUntil(claimed, FIRST_POLL));
      else return;
    }
  }

  /** Begins nothing any more. Resolves once what is under way has ended, after `grace` milliseconds by force. */
  async stop(grace: number): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    const timer = setTimeout(() => this.#ending.abort(), grace);
    await this.#claiming.catch(() => undefined);
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    clearTimeout(timer);
    await this.#mailer.close();
  }

  /** `undefined` if there is no room, or if the store cannot say. */
  async #claim(): Promise<Claimed | undefined> {
    const { worker, account, store, weights, keepBody } = this.#options;
    const room = account.capacity - this.#underWay.size;
    if (store.isAway || this.#stopping.signal.aborted) return undefined;
    // A claim costs a commit, so it is for many.
    if (room < account.capacity / 2) {
      await this.#end.promise;
      return this.#claim();
    }
    const claiming = store
      .call("claim", {
        worker,
        account: account.limits,
        weights,
        most: room,
        mostOctets: MOST_OCTETS,
        now: Date.now(),
        keepBody,
      })
      .then((claimed) => {
        this.#refusal = undefined;
        for (const claim of claimed.claims) this.#begin(claim, claimed.probing);
        return claimed;
      });
    this.#claiming = claiming;
    try {
      return await claiming;
    } catch (error) {
      if (isPassing(error)) this.#refusal = error;
      else if (!this.#stopping.signal.aborted) throw error;
      return undefined;
    }
  }

  #begin(claim: Claim, probing: boolean): void {
    const sending = this.#attempt(claim, probing).finally(() => {
      this.#underWay.delete(sending);
      this.#end.resolve();
      this.#end = Promise.withResolvers();
    });
    this.#underWay.add(sending);
  }

  async #attempt(claim: Claim, probing: boolean): Promise<void> {
    const { account, development } = this.#options;
    // It was asked for before the stop.
    if (this.#stopping.signal.aborted) {
      await this.#settle(this.#ended(claim, "release", "its worker stopped before it was sent"));
      return;
    }
    const weaker = weakerThan(claim.floor, account.floor);
    // defence: policy-never-sinks
    if (weaker !== undefined) await this.#settle(this.#ended(claim, "refuse", `policy: ${weaker}`));
    else if (development) await this.#settle(this.#ended(claim, "cancel", "development: nothing is delivered"));
    else await this.#send(claim, probing);
  }

  async #send(claim: Claim, probing: boolean): Promise<void> {
    const { worker, account, store, keepBody } = this.#options;
    const sent = await this.#handOver(claim);
    const now = Date.now();
    const result = settlementOf({ claim, worker, ...sent, now, random: Math.random(), keepBody });
    await this.#settle(result.settlement);
    if (result.account === undefined || (result.account === "served" && !probing)) return;
    const news = { account: account.name, is: result.account, reason: result.reason, random: Math.random(), now };
    await store.insist("tellAccount", news).catch(complain);
    if (result.account === "served") this.wake();
  }

  /** Never throws. */
  async #handOver(claim: Claim): Promise<{ readonly receipt: Receipt | undefined; readonly error: unknown }> {
    try {
      const receipt = await this.#mailer.send(this.#messageOf(claim), {
        attempts: 1,
        signal: this.#ending.signal,
        beforeHandover: () => this.#mark(claim),
      });
      return { receipt, error: undefined };
    } catch (error) {
      return { receipt: receiptOf(error), error };
    }
  }

  /** Throws unless the mark is on the disk: then, and only then, the last octets may go. */
  async #mark({ seq, token }: Claim): Promise<void> {
    const { worker, store } = this.#options;
    const mayGo =
      !this.#stopping.signal.aborted &&
      !store.isAway &&
      (await store.call("mark", { seq, token, worker, now: Date.now() }));
    // defence: nothing-without-a-mark
    if (mayGo) return;
    throw new OutboxError(
      "OUTBOX_NOT_MARKED",
      "The message was not handed over: it was cancelled or paused, it expired, another worker has it, or this worker stops.",
    );
  }

  #messageOf(claim: Claim): ReadyMessage {
    const { sender, recipients, size, smtpUtf8, requireTls, dsn, octets } = claim;
    return {
      envelope: { from: sender, to: recipients },
      message: octets ?? (() => this.#rows(claim)),
      ...(octets === undefined ? { size, smtpUtf8 } : {}),
      requireTls,
      dsn: dsn === undefined ? undefined : readDsn(dsn),
    };
  }

  async *#rows({ content }: Claim): AsyncGenerator<Uint8Array> {
    for (let row = 0; ; row++) {
      const octets = await this.#options.store.call("octets", { content, row });
      if (octets === undefined) return;
      yield octets;
    }
  }

  #ended(claim: Claim, ending: "refuse" | "cancel" | "release", reason: string): Settlement {
    const { worker, keepBody } = this.#options;
    const isOver = ending === "cancel";
    const recipients = claim.recipients.map((address): RecipientFate => ({
      address,
      outcome: isOver ? "cancelled" : "pending",
    }));
    return {
      seq: claim.seq,
      token: claim.token,
      worker,
      ending,
      recipients,
      reason,
      due: Date.now(),
      now: Date.now(),
      seal: undefined,
      random: 0,
      keepBody: isOver ? KEPT_IN_DEVELOPMENT : keepBody,
    };
  }

  async #settle(settlement: Settlement): Promise<void> {
    try {
      await this.#options.store.insist("settle", settlement);
    } catch (error) {
      complain(error, settlement);
    }
  }

  /** Ends early if somebody wakes the runner or stops it. */
  async #rest(milliseconds: number): Promise<void> {
    if (this.#wake.signal.aborted && !this.#stopping.signal.aborted) this.#wake = new AbortController();
    else await sleep(milliseconds, this.#wake.signal);
  }
}

function pauseUntil({ again }: Claimed, poll: number): number {
  return again === undefined ? poll : Math.min(poll, Math.max(1, again - Date.now()));
}

/** What became of a message could not be written down: the log is the only place left for it. */
function complain(error: unknown, settlement?: Settlement): void {
  const what = error instanceof Error ? error.message : String(error);
  const fates = settlement?.recipients.map(({ address, outcome, code }) =>
    `${address} ${outcome} ${code ?? ""}`.trim(),
  );
  const whose = settlement === undefined ? "" : ` Message ${settlement.seq}: ${fates?.join(", ") ?? ""}.`;
  process.emitWarning(`The outbox could not write down what became of a message. ${what}${whose}`, {
    code: "OUTBOX_NOT_WRITTEN",
  });
}
