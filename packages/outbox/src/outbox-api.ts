/** What an outbox can do, as an application sees it. */
import type { Message } from "@postseal/mailer";
import type { OutboxWorker } from "./delivery/worker.ts";
import type { EnqueueOptions } from "./enqueue/enqueue-options.ts";
import type { Handle } from "./sqlite/handle.ts";
import type { Changed, Counts, Details, MessageFacts, OutboxEvent, Selection } from "./store/operations.ts";

export interface Queued {
  readonly id: string;
  /** Whether the key was taken by the same message, so that nothing was queued. */
  readonly duplicate: boolean;
}

/** A message that is judged and composed, and only has to be queued. */
export interface PreparedMessage {
  readonly id: string;
  /**
   * Queues it in a transaction of the caller's, on a handle to the outbox's own file, without a wait: it is queued if that transaction
   * commits. Throws `OutboxError`.
   */
  enqueueIn(transaction: Handle): Queued;
}

export type Search = Omit<Selection, "limit"> & { readonly limit?: number | undefined };

export interface Outbox {
  /**
   * Resolves once the message is on the disk. Rejects with `InputError` for a message that could never be sent, and with
   * `OutboxError`; then nothing is queued.
   */
  enqueue(message: Message, options?: EnqueueOptions): Promise<Queued>;
  /** The first half of `enqueue`, for a transaction that cannot wait. */
  prepare(message: Message, options?: Omit<EnqueueOptions, "transaction">): Promise<PreparedMessage>;
  /** Begins to send. `onFailure` hears of a store that fails for good; without it, that is an unhandled rejection. */
  work(options?: { readonly onFailure?: ((error: unknown) => void) | undefined }): OutboxWorker;
  /**
   * Sends all that is due, and resolves with the counts once the rest has to wait. Rejects with `OutboxError` if the store cannot be
   * written and nothing is under way; what a server has answered it keeps until it can be written down.
   */
  drain(): Promise<Counts>;
  /** Says that something may have been queued by a transaction that committed. */
  wake(): void;
  list(search?: Search): Promise<readonly MessageFacts[]>;
  /** All that is known of a message: one entry for each part. Empty if there is none. */
  show(id: string): Promise<readonly Details[]>;
  /** The octets of a message, unless they are gone. Rejects with `OutboxError` (`OUTBOX_BODY_GONE`). */
  octets(id: string): Promise<Uint8Array>;
  /** Why a message does not go, or what became of it: a sentence for each fact. */
  explain(id: string): Promise<readonly string[]>;
  /**
   * Cancels what is not handed over yet, and gives up what is held. Rejects with `InputError` if the search is empty. Many messages are
   * changed in steps, here and in `retry`: if one fails, those before it stay.
   */
  cancel(search: Search): Promise<Changed>;
  /** Has what waits, is held or is dead sent now, if its octets are still there; never what is in doubt. An empty search is refused. */
  retry(search: Search): Promise<Changed>;
  /** Decides about a message in doubt: it was `delivered`, or it is to be sent `again`. */
  resolve(id: string, as: "delivered" | "again"): Promise<Changed>;
  /** Stops an account, or one of its streams, in all processes: nothing is handed over any more but what is marked already. */
  pause(options?: { readonly account?: string | undefined; readonly stream?: string | undefined }): Promise<void>;
  /** Also ends the rest of an account that has failed. */
  resume(options?: { readonly account?: string | undefined; readonly stream?: string | undefined }): Promise<void>;
  stats(): Promise<Counts>;
  /** What happened, oldest first. Keep the last `seq`, and go on after it. With `follow` it waits for more, until the signal aborts. */
  events(options?: EventOptions): AsyncGenerator<OutboxEvent, void>;
  /** Forgets messages that ended before `before` (default: `keepRecords` ago), or all that ended to one address. */
  purge(options?: { readonly before?: Date | undefined; readonly recipient?: string | undefined }): Promise<number>;
  /** Closes the workers, then the store. */
  close(options?: { readonly grace?: number | undefined }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface EventOptions {
  readonly after?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}
