/** The store on SQLite, as the rest of the package uses it: calls go to the thread, and resolve once they are on the disk. */
import { Worker } from "node:worker_threads";
import { OutboxError } from "../errors/outbox-error.ts";
import type { Name, Requests, Results, Store } from "../store/operations.ts";
import type { Opening } from "./database.ts";
import type { Order, Reply } from "./exchange.ts";

interface Waiter {
  // A method, since each waiter knows the result of its own call.
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Compiled, it is beside this file under the same name. */
const THREAD = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);

/** Opens the file, and makes it and its tables if they are not there. Rejects with `OutboxError`. */
export async function openSqlite(opening: Opening): Promise<Store> {
  const store = new SqliteStore(opening);
  await store.opened;
  return store;
}

class SqliteStore implements Store {
  readonly opened: Promise<void>;
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiter>();
  #calls = 0;
  /** Not posted yet: one message to the thread for all that is called in one turn costs a fraction of one for each. */
  #outgoing: unknown[] = [];
  #over: OutboxError | undefined;
  #closed: Promise<void> | undefined;

  constructor(opening: Opening) {
    this.#thread = new Worker(THREAD, { name: "postseal outbox" });
    this.opened = new Promise<void>((resolve, reject) => {
      const fail = (error: OutboxError): void => {
        this.#end(error);
        reject(error);
      };
      const hear = (reply: Reply): void => {
        if (reply.is !== "opened") this.#settle(reply);
        else if (reply.fault === undefined) {
          this.#thread.unref();
          resolve();
        } else fail(new OutboxError(reply.fault.code, reply.fault.message));
      };
      this.#thread.on("message", (replies: readonly Reply[]) => replies.forEach(hear));
      this.#thread.once("error", (cause: unknown) =>
        fail(
          new OutboxError(
            "OUTBOX_STORE_FAILED",
            "The outbox's thread ended because of a bug. Please report it.",
            cause,
          ),
        ),
      );
      this.#thread.once("exit", () => this.#end(closed()));
    });
    this.#order({ is: "open", opening });
  }

  call<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    this.#calls += 1;
    const call = this.#calls;
    return new Promise<Results[N]>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      // A program that only waits for the outbox stays alive; one that is done with it may end.
      this.#thread.ref();
      this.#order({ is: "call", call, name, request });
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#over !== undefined) return;
    this.#over = closed();
    this.#thread.ref();
    const exit = new Promise<void>((resolve) => {
      this.#thread.once("exit", () => resolve());
    });
    this.#order({ is: "close" });
    await exit;
  }

  #order<N extends Name>(
    order:
      | Exclude<Order, { readonly is: "call" }>
      | { readonly is: "call"; call: number; name: N; request: Requests[N] },
  ): void {
    if (this.#outgoing.length === 0) setImmediate(() => this.#post());
    this.#outgoing.push(order);
  }

  #post(): void {
    const orders = this.#outgoing;
    this.#outgoing = [];
    this.#thread.postMessage(orders, []);
  }

  #settle(reply: Exclude<Reply, { readonly is: "opened" }>): void {
    const waiter = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if (this.#waiting.size === 0 && this.#closed === undefined) this.#thread.unref();
    if (reply.is === "fault") waiter?.reject(new OutboxError(reply.fault.code, reply.fault.message));
    else waiter?.resolve(reply.result);
  }

  /** Nobody answers any more. */
  #end(error: OutboxError): void {
    this.#over ??= error;
    for (const waiter of this.#waiting.values()) waiter.reject(error);
    this.#waiting.clear();
  }
}

/** What every call says after `close`. */
export function closed(): OutboxError {
  return new OutboxError("OUTBOX_CLOSED", "This outbox is closed. Open another one to go on.");
}
