/** The front door: `createOutbox(location, options)`. */
import type { Message } from "@postseal/mailer";
import { checkSignal } from "@postseal/mailer/internal";
import { sleep } from "./delivery/storeroom.ts";
import { DeliveryWorker, type OutboxWorker } from "./delivery/worker.ts";
import { DEFAULT_ACCOUNT, type EnqueueOptions, readEnqueueOptions, type Wishes } from "./enqueue/enqueue-options.ts";
import { enqueueIn } from "./enqueue/own-transaction.ts";
import { prepare } from "./enqueue/prepare.ts";
import { OutboxError } from "./errors/outbox-error.ts";
import { explain } from "./store/explanation.ts";
import { readAddress, readFlag, readGrace, readName, readOptions, readTime, refusal } from "./options.ts";
import type { EventOptions, Outbox, PreparedMessage, Queued, Search } from "./outbox-api.ts";
import { type OutboxOptions, readSettings, type Settings } from "./settings.ts";
import { type State, states } from "./model/state.ts";
import { readCount, readSearch, readTarget, readText } from "./search.ts";
import type { Handle } from "./sqlite/handle.ts";
import { type Library, loadLibrary } from "./sqlite/library.ts";
import { closed, openSqlite } from "./sqlite/sqlite-store.ts";
import type {
  Changed,
  Counts,
  Details,
  Enqueued,
  MessageFacts,
  NewMessage,
  OutboxEvent,
  Store,
} from "./store/operations.ts";

const MOST_AT_ONCE = 100;
/** Milliseconds between two looks for events. */
const FOLLOWING = 250;

/**
 * Opens the outbox at `sqlite:PATH` or `sqlite::memory:`, and makes it if it is not there. Rejects with `InputError` for an option that
 * is not understood, and with `OutboxError`.
 */
export async function createOutbox(location: string, options: OutboxOptions = {}): Promise<Outbox> {
  const settings = readSettings(location, options);
  const { file, sqlite } = settings;
  const library = await loadLibrary(sqlite);
  return new StoredOutbox(settings, library, await openSqlite({ file, library: sqlite }));
}

class StoredOutbox implements Outbox {
  readonly #settings: Settings;
  readonly #library: Library;
  readonly #store: Store;
  readonly #workers = new Set<DeliveryWorker>();
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, library: Library, store: Store) {
    this.#settings = settings;
    this.#library = library;
    this.#store = store;
  }

  async enqueue(message: Message, options: EnqueueOptions = {}): Promise<Queued> {
    const wishes = readEnqueueOptions(options);
    const { transaction } = wishes;
    const prepared = await this.#prepare(message, wishes);
    if (transaction !== undefined) return this.#enqueueIn(transaction, prepared);
    const result = queued(await this.#store.call("enqueue", prepared), prepared);
    this.wake();
    return result;
  }

  async prepare(message: Message, options: Omit<EnqueueOptions, "transaction"> = {}): Promise<PreparedMessage> {
    const prepared = await this.#prepare(message, readEnqueueOptions(options));
    return { id: prepared.id, enqueueIn: (handle) => this.#enqueueIn(handle, prepared) };
  }

  #enqueueIn(handle: Handle, prepared: NewMessage): Queued {
    const { file } = this.#settings;
    return queued(enqueueIn(handle, { file, library: this.#library }, prepared), prepared);
  }

  #prepare(message: Message, wishes: Wishes): Promise<NewMessage> {
    const account = this.#settings.accounts.find(({ name }) => name === wishes.account);
    const promise = { floor: account?.floor ?? {}, onUnknown: account?.onUnknown ?? "hold" } as const;
    return prepare(message, wishes, promise, this.#settings.lifetime);
  }

  work(options: { readonly onFailure?: ((error: unknown) => void) | undefined } = {}): OutboxWorker {
    const { onFailure } = readOptions(options, ["onFailure"], "");
    if (onFailure !== undefined && typeof onFailure !== "function") throw refusal("onFailure", "must be a function");
    const worker = this.#worker();
    const running = worker.run();
    if (onFailure !== undefined) running.catch(onFailure);
    return worker;
  }

  async drain(): Promise<Counts> {
    const worker = this.#worker();
    try {
      await worker.drain();
    } finally {
      await worker.close();
      this.#workers.delete(worker);
    }
    return this.stats();
  }

  wake(): void {
    for (const worker of this.#workers) worker.wake();
  }

  #worker(): DeliveryWorker {
    // Nobody would close it any more, and its heartbeat would keep the process alive.
    if (this.#closed !== undefined) throw closed();
    const worker = new DeliveryWorker(this.#store, this.#settings);
    this.#workers.add(worker);
    return worker;
  }

  async list(search: Search = {}): Promise<readonly MessageFacts[]> {
    return this.#store.call("list", readSearch(search, MOST_AT_ONCE));
  }

  async show(id: string): Promise<readonly Details[]> {
    return this.#store.call("details", { id: readText(id, "id") });
  }

  async octets(id: string): Promise<Uint8Array> {
    const [details] = await this.show(id);
    const rows: Uint8Array[] = [];
    const content = details?.message.seq ?? 0;
    let size = 0;
    for (let row = 0; ; row++) {
      const octets = await this.#store.call("octets", { content, row });
      if (octets === undefined) break;
      rows.push(octets);
      size += octets.length;
    }
    // The message may end, and lose them, while they are read.
    if (rows.length > 0 && size === details?.message.size) return Buffer.concat(rows);
    throw new OutboxError(
      "OUTBOX_BODY_GONE",
      details === undefined
        ? "There is no message with this id."
        : "The octets of this message are gone: they are deleted when it ends. The option keepBodies keeps them longer.",
    );
  }

  async explain(id: string): Promise<readonly string[]> {
    const details = await this.show(id);
    return details.length === 0
      ? ["There is no message with this id. It may have been purged."]
      : details.flatMap((one) => explain(one, Date.now()));
  }

  cancel(search: Search): Promise<Changed> {
    return this.#change("cancel", search);
  }

  async retry(search: Search): Promise<Changed> {
    const changed = await this.#change("retry", search);
    this.wake();
    return changed;
  }

  /** In steps, as `purge`: many messages in one would keep every process waiting. */
  async #change(name: "cancel" | "retry", search: Search): Promise<Changed> {
    const { limit, ...where } = readTarget(search);
    const { keepBody } = this.#settings;
    const kept: Partial<Record<State, number>> = {};
    let [changed, left, after] = [0, limit, where.after];
    for (;;) {
      const most = Math.min(left, MOST_AT_ONCE);
      const request = { where: { ...where, after, limit: most }, now: Date.now(), reason: undefined, keepBody };
      const step = await this.#store.call(name, request);
      changed += step.changed;
      for (const state of states)
        if (step.kept[state] !== undefined) kept[state] = (kept[state] ?? 0) + step.kept[state];
      left -= most;
      after = step.last;
      if (after === undefined || left === 0) return { changed, kept };
    }
  }

  async resolve(id: string, as: "delivered" | "again"): Promise<Changed> {
    if (as !== "delivered" && as !== "again") throw refusal("as", "must be delivered or again");
    const changed = await this.#store.call("resolve", {
      id: readText(id, "id"),
      as,
      now: Date.now(),
      keepBody: this.#settings.keepBody,
    });
    this.wake();
    return changed;
  }

  pause(options: { readonly account?: string | undefined; readonly stream?: string | undefined } = {}): Promise<void> {
    return this.#pause(options, true);
  }

  async resume(
    options: { readonly account?: string | undefined; readonly stream?: string | undefined } = {},
  ): Promise<void> {
    await this.#pause(options, false);
    this.wake();
  }

  async #pause(
    options: { readonly account?: string | undefined; readonly stream?: string | undefined },
    paused: boolean,
  ): Promise<void> {
    const { account = DEFAULT_ACCOUNT, stream } = readOptions(options, ["account", "stream"], "");
    await this.#store.call("pause", {
      account: readName(account, "account"),
      stream: stream === undefined ? undefined : readName(stream, "stream"),
      paused,
      now: Date.now(),
    });
  }

  stats(): Promise<Counts> {
    return this.#store.call("counts", null);
  }

  events(options: EventOptions = {}): AsyncGenerator<OutboxEvent, void> {
    const { after, follow, signal } = readOptions(options, ["after", "follow", "signal"], "");
    checkSignal(signal);
    return this.#events(
      after === undefined ? 0 : readCount(after, "after", 0),
      readFlag(follow, "follow"),
      signal ?? NEVER,
    );
  }

  async *#events(after: number, follow: boolean, signal: AbortSignal): AsyncGenerator<OutboxEvent, void> {
    let last = after;
    for (;;) {
      const found = await this.#store.call("events", { after: last, limit: MOST_AT_ONCE });
      yield* found;
      last = found.at(-1)?.seq ?? last;
      if (found.length === 0 && follow) await sleep(FOLLOWING, signal);
      if (signal.aborted || (found.length === 0 && !follow)) return;
    }
  }

  async purge(
    options: { readonly before?: Date | undefined; readonly recipient?: string | undefined } = {},
  ): Promise<number> {
    const { before, recipient: address } = readOptions(options, ["before", "recipient"], "");
    const recipient = address === undefined ? undefined : readAddress(readText(address, "recipient"), "recipient");
    const now = Date.now();
    const time = before === undefined ? now - this.#settings.keepRecord : readTime(before, "before");
    let purged = 0;
    for (;;) {
      const step = await this.#store.call("purge", { before: time, now, recipient, most: MOST_AT_ONCE });
      purged += step.purged;
      if (!step.more) return purged;
    }
  }

  async close(options: { readonly grace?: number | undefined } = {}): Promise<void> {
    const grace = readGrace(options);
    this.#closed ??= this.#close(grace);
    await this.#closed;
  }

  async #close(grace: number | undefined): Promise<void> {
    await Promise.all(Array.from(this.#workers, (worker) => worker.close({ grace })));
    await this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const NEVER: AbortSignal = new AbortController().signal;

function queued({ is, id }: Enqueued, { key }: NewMessage): Queued {
  if (is !== "conflict") return { id, duplicate: is === "duplicate" };
  throw new OutboxError(
    "OUTBOX_KEY_CONFLICT",
    `The key ${JSON.stringify(key)} is taken by another message, ${id}, with other recipients or another content. A key stands for ` +
      "one message: give this one another key, or leave it out if it is meant to be the same.",
  );
}
