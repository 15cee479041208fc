/** Every state and every event of the model, on every engine: an edge of the table is taken, and what is no edge changes nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Event, events, next, type State, states } from "../model/state.ts";
import { claim, type ClaimChange, claimOne, engines, message, settlement, stateOf } from "./engines.ts";
import type { AccountLimits, Changed, ChangeRequest, Claim, Ending, Store } from "../store/operations.ts";

/** One message, which has an account and a worker to itself, so that many can be in one store. */
class Case {
  readonly store: Store;
  readonly id: string;
  readonly worker: string;
  readonly account: AccountLimits;
  #claimed: Claim | undefined;

  constructor(store: Store, id: string) {
    this.store = store;
    this.id = id;
    this.worker = `worker of ${id}`;
    this.account = { name: id, messages: undefined, recipients: undefined };
  }

  get who(): ClaimChange {
    return { worker: this.worker, account: this.account };
  }

  get change(): ChangeRequest {
    return { where: { id: this.id, limit: 10 }, now: 3, reason: undefined };
  }

  async claim(): Promise<void> {
    this.#claimed = await claimOne(this.store, this.who);
  }

  /** Without a claim, as a worker would that never had one. */
  async mark(): Promise<void> {
    await this.store.call("mark", { ...(await this.#lease()), worker: this.worker, now: 1 });
  }

  async settle(ending: Ending): Promise<void> {
    const claimed = this.#claimed;
    const { seq, token } = await this.#lease();
    const recipients = claimed === undefined ? [] : settlement(claimed, ending).recipients;
    const rest = { worker: this.worker, due: 0, now: 2, reason: undefined, seal: undefined, keepBody: 0, random: 0 };
    await this.store.call("settle", { seq, token, ending, recipients, ...rest });
  }

  async #lease(): Promise<{ readonly seq: number; readonly token: number }> {
    const [details] = await this.store.call("details", { id: this.id });
    return { seq: details?.message.seq ?? 0, token: this.#claimed?.token ?? 1 };
  }
}

/** How a message gets into each state. */
const arrivals: Readonly<Record<State, (one: Case) => Promise<void>>> = {
  waiting: async () => undefined,
  leased: (one) => one.claim(),
  marked: async (one) => {
    await one.claim();
    await one.mark();
  },
  done: (one) => ended(one, "finish"),
  held: (one) => ended(one, "doubt"),
  dead: (one) => ended(one, "exhaust"),
  cancelled: (one) => ended(one, "cancel"),
};

async function ended(one: Case, ending: Ending): Promise<void> {
  await one.claim();
  if (ending !== "cancel") await one.mark();
  await one.settle(ending);
}

/** How each event reaches a store. */
const deliveries: Readonly<Record<Event, (one: Case) => Promise<unknown>>> = {
  claim: (one) => claim(one.store, one.who),
  mark: (one) => one.mark(),
  reclaim: ({ store, worker }) => store.call("reap", { workers: [worker], now: 3 }),
  cancel: ({ store, change }): Promise<Changed> => store.call("cancel", change),
  // The message of this case alone expires.
  expire: ({ store }) => store.call("expire", { now: 2_000, delayAfter: 3_000_000 }),
  resolve: ({ store, id }) => store.call("resolve", { id, as: "delivered", now: 3 }),
  retry: ({ store, change }): Promise<Changed> => store.call("retry", change),
  release: (one) => one.settle("release"),
  defer: (one) => one.settle("defer"),
  finish: (one) => one.settle("finish"),
  doubt: (one) => one.settle("doubt"),
  redeliver: (one) => one.settle("redeliver"),
  exhaust: (one) => one.settle("exhaust"),
  refuse: (one) => one.settle("refuse"),
};

/** What a store knows beside the table, and why. */
const exceptions: ReadonlyMap<string, State> = new Map([
  // A dead worker's marked message is in doubt, by the event `doubt`.
  ["marked reclaim", "held"],
  // Nobody retries what is in doubt: somebody has to resolve it.
  ["held retry", "held"],
  // Its octets are gone, so there is nothing to send.
  ["dead retry", "dead"],
  // Late evidence counts only from the worker that had the message: here nobody did.
  ...(["release", "defer", "finish", "exhaust"] as const).map((event) => [`waiting ${event}`, "waiting"] as const),
]);

for (const { name, open } of engines)
  for (const state of states)
    test(`${name}: every event in the state ${state}`, async (t) => {
      const store = await open(t);
      for (const event of events) {
        const one = new Case(store, `${state} ${event}`);
        await store.call(
          "enqueue",
          message({ id: one.id, account: one.id, expires: event === "expire" ? 1_000 : 1e9 }),
        );
        await arrivals[state](one);
        assert.equal(await stateOf(store, one.id), state);
        await deliveries[event](one);
        const expected = exceptions.get(one.id) ?? next(state, event) ?? state;
        assert.equal(await stateOf(store, one.id), expected, one.id);
      }
    });
