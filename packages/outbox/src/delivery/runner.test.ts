import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../conformance/engines.ts";
import { OutboxError } from "../errors/outbox-error.ts";
import { openSqlite } from "../sqlite/sqlite-store.ts";
import type { Name, Requests, Results, Store } from "../store/operations.ts";
import { readAccount } from "./account.ts";
import { Runner } from "./runner.ts";
import { Storeroom } from "./storeroom.ts";

/** A store whose answers to claims wait. */
class SlowStore implements Store {
  readonly #store: Store;
  readonly asked: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly answer: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(store: Store) {
    this.#store = store;
  }

  async call<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]> {
    const result = await this.#store.call(name, request);
    if (name === "claim") {
      this.asked.resolve();
      await this.answer.promise;
    }
    return result;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** A store that cannot be written. */
class ReadOnlyStore extends SlowStore {
  override async call<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]> {
    if (name === "claim") throw new OutboxError("OUTBOX_STORE_READ_ONLY", "The disk is mounted read-only.");
    return super.call(name, request);
  }
}

function runnerOn(store: Store): Runner {
  return new Runner({
    worker: "worker-1",
    account: readAccount("default", { server: "submission://127.0.0.1:1" }),
    store: new Storeroom(store, new AbortController().signal),
    weights: {},
    keepBody: 0,
    development: false,
  });
}

test("a drain ends if the store cannot be written, and says why: cron would start another one every minute", async (t) => {
  const store = await openSqlite({ file: ":memory:" });
  t.after(() => store.close());
  const runner = runnerOn(new ReadOnlyStore(store));
  await assert.rejects(runner.drain(), { code: "OUTBOX_STORE_READ_ONLY" });
  await runner.stop(0);
});

test("messages that a claim gives out while its worker stops wait again, and the account has not failed", async (t) => {
  const store = await openSqlite({ file: ":memory:" });
  t.after(() => store.close());
  for (let count = 0; count < 3; count++) await store.call("enqueue", message({ expires: Date.now() + 60_000 }));
  const slow = new SlowStore(store);
  const runner = runnerOn(slow);
  const running = runner.run();
  await slow.asked.promise;
  const stopped = runner.stop(1_000);
  slow.answer.resolve();
  await stopped;
  const { states, accounts } = await store.call("counts", null);
  assert.deepEqual([states.waiting, states.leased], [3, 0]);
  assert.deepEqual(
    accounts.map(({ failures }) => failures),
    [0],
  );
  const messages = await store.call("list", { limit: 10 });
  assert.deepEqual(
    messages.map(({ attempts }) => attempts),
    [0, 0, 0],
  );
  await running;
});
