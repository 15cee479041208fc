import assert from "node:assert/strict";
import { test } from "node:test";
import { OutboxError } from "../errors/outbox-error.ts";
import type { Store } from "../store/operations.ts";
import { Storeroom } from "./storeroom.ts";

/** A store that fails so often, and then says that it worked. `test/outbox/full-disk.test.ts` fills a real disk. */
class FailingStore implements Store {
  #left: number;
  calls = 0;
  readonly #error: OutboxError;

  constructor(times: number, code: OutboxError["code"]) {
    this.#left = times;
    this.#error = new OutboxError(code, code);
  }

  call(): Promise<never> {
    this.calls += 1;
    this.#left -= 1;
    if (this.#left >= 0) return Promise.reject(this.#error);
    return Promise.reject(new WorkedError());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Stands for an answer, since the fake knows no result. */
class WorkedError extends Error {}

test("while the disk is full, what the server said is kept and written later", async () => {
  for (const code of [
    "OUTBOX_STORE_FULL",
    "OUTBOX_STORE_BUSY",
    "OUTBOX_STORE_READ_ONLY",
    "OUTBOX_STORE_FAILED",
  ] as const) {
    const store = new FailingStore(2, code);
    const room = new Storeroom(store, new AbortController().signal);
    const written = room.insist("leave", { worker: "w" });
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(room.isAway, true, code);
    await assert.rejects(written, WorkedError);
    assert.equal(store.calls, 3);
    assert.equal(room.isAway, false);
  }
});

test("a store that is gone for good, and a worker that has to end, are no reason to wait", async () => {
  const damaged = new FailingStore(9, "OUTBOX_STORE_DAMAGED");
  const room = new Storeroom(damaged, new AbortController().signal);
  await assert.rejects(room.insist("leave", { worker: "w" }), { code: "OUTBOX_STORE_DAMAGED" });
  assert.equal(damaged.calls, 1);
  const full = new FailingStore(9, "OUTBOX_STORE_FULL");
  await assert.rejects(new Storeroom(full, AbortSignal.abort()).insist("leave", { worker: "w" }), {
    code: "OUTBOX_STORE_FULL",
  });
  assert.equal(full.calls, 1);
});
