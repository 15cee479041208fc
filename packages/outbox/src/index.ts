/** The public API: a durable queue for mail. */
export type { AccountOptions, AccountRate } from "./delivery/account.ts";
export type { OutboxWorker } from "./delivery/worker.ts";
export type { EnqueueOptions } from "./enqueue/enqueue-options.ts";
export { OutboxError, type OutboxErrorCode, outboxErrorCodes } from "./errors/outbox-error.ts";
export type { Floor } from "./model/floor.ts";
export { outcomes, type RecipientState, type State, states } from "./model/state.ts";
export type { EventOptions, Outbox, PreparedMessage, Queued, Search } from "./outbox-api.ts";
export { createOutbox } from "./outbox.ts";
export type { OutboxOptions } from "./settings.ts";
export { schema } from "./sqlite/schema.ts";
export type {
  AccountFacts,
  AttemptFacts,
  Changed,
  Counts,
  Details,
  LaneFacts,
  MessageFacts,
  OutboxEvent,
  RecipientFate,
  WorkerSeen,
} from "./store/operations.ts";
