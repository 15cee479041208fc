/**
 * What an engine can do: each operation is one step that happens as a whole or not at all. The rest of the package knows no
 * SQL, and the engines know no mailer. Times are milliseconds since 1970.
 */
import type { Rate } from "../model/bucket.ts";
import type { Floor } from "../model/floor.ts";
import type { RecipientState, State } from "../model/state.ts";

export type OnUnknown = "hold" | "redeliver";

/** A message to queue: composed and judged. One for each part of at most 100 recipients; all have the same octets. */
export interface NewMessage {
  readonly id: string;
  readonly key: string | undefined;
  /** Of the caller's message: the same key with another hash is a mistake. */
  readonly hash: string;
  readonly account: string;
  readonly stream: string;
  readonly due: number;
  readonly expires: number;
  readonly now: number;
  readonly sender: string;
  readonly messageId: string | undefined;
  readonly size: number;
  readonly smtpUtf8: boolean;
  readonly requireTls: boolean;
  /** `DsnOptions` as JSON. */
  readonly dsn: string | undefined;
  readonly floor: Floor;
  readonly onUnknown: OnUnknown;
  readonly tags: readonly string[];
  readonly parts: readonly (readonly string[])[];
  /** The octets of the message in rows. */
  readonly octets: readonly Uint8Array[];
}

export type Enqueued =
  | { readonly is: "new"; readonly id: string }
  | { readonly is: "duplicate"; readonly id: string }
  | { readonly is: "conflict"; readonly id: string };

export interface AccountLimits {
  readonly name: string;
  readonly messages: Rate | undefined;
  readonly recipients: Rate | undefined;
}

export interface ClaimRequest {
  readonly worker: string;
  readonly account: AccountLimits;
  /** Weights of streams; 1 for a stream that is not named. */
  readonly weights: Readonly<Record<string, number>>;
  readonly most: number;
  /** So many octets at most, but always one message. */
  readonly mostOctets: number;
  readonly now: number;
  /** Milliseconds that the body of what has expired is kept. Default 0, here and below. */
  readonly keepBody?: number | undefined;
}

/** A message that this worker alone may send, while nobody has a newer token. */
export interface Claim {
  readonly seq: number;
  readonly token: number;
  readonly id: string;
  readonly part: number;
  readonly account: string;
  readonly lane: string;
  readonly attempts: number;
  readonly created: number;
  readonly expires: number;
  readonly sender: string;
  readonly messageId: string | undefined;
  readonly size: number;
  readonly smtpUtf8: boolean;
  readonly requireTls: boolean;
  readonly dsn: string | undefined;
  readonly floor: Floor;
  readonly onUnknown: OnUnknown;
  /** Those who are not decided. */
  readonly recipients: readonly string[];
  /** The octets of a short message; a long one is read in rows. */
  readonly octets: Uint8Array | undefined;
  readonly content: number;
}

export interface Claimed {
  readonly claims: readonly Claim[];
  /** When to ask again at the latest, if nothing is queued before: the account rests, has used its rate, or something is due then. */
  readonly again: number | undefined;
  /** The account has failed, and these messages show whether it still does: say so with `tellAccount`. */
  readonly probing: boolean;
  /** More may be claimed `again`: the account's rate is used up, or not all that waits was looked at. */
  readonly limited: boolean;
}

interface Lease {
  readonly seq: number;
  readonly token: number;
}

export interface MarkRequest extends Lease {
  readonly worker: string;
  readonly now: number;
}

export interface RecipientFate {
  readonly address: string;
  readonly outcome: RecipientState;
  readonly code?: number | undefined;
  readonly enhanced?: string | undefined;
  readonly text?: string | undefined;
  readonly stage?: string | undefined;
}

/** How an attempt ended, in the events of the model. */
export type Ending = "release" | "defer" | "finish" | "doubt" | "redeliver" | "exhaust" | "refuse" | "cancel";

export interface Settlement extends Lease {
  readonly worker: string;
  readonly ending: Ending;
  readonly recipients: readonly RecipientFate[];
  /** Of `defer` and `redeliver`. After `release` the message comes after those that are due. */
  readonly due: number;
  readonly now: number;
  /** Code and words of what went wrong, or why it ends like this. */
  readonly reason: string | undefined;
  /** The seal as JSON. */
  readonly seal: string | undefined;
  /** Milliseconds that the body is kept after the end. */
  readonly keepBody: number;
  /** 0 to 1, for the jitter of what follows. */
  readonly random: number;
}

/** What the account should do after one attempt. */
export interface AccountNews {
  readonly account: string;
  /** `served`: the server took or answered a message. `failing`: rest, then probe. `locked`: nobody tries until a person resumes it. */
  readonly is: "served" | "failing" | "locked";
  readonly reason: string | undefined;
  readonly random: number;
  readonly now: number;
}

export interface WorkerFacts {
  readonly worker: string;
  /** The machine, its boot and its process namespace: a process id means something only there. */
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the system counts it; a process id is used again. */
  readonly started: string;
}

export interface WorkerSeen extends WorkerFacts {
  readonly seen: number;
}

export interface ReapRequest {
  readonly workers: readonly string[];
  readonly now: number;
}

/** Which messages: those with an id, or with all of the given properties. */
export interface Selection {
  readonly id?: string | undefined;
  readonly state?: State | undefined;
  readonly account?: string | undefined;
  readonly stream?: string | undefined;
  readonly tag?: string | undefined;
  readonly recipient?: string | undefined;
  /** Only after this number: for pages. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface ChangeRequest {
  readonly where: Selection;
  readonly now: number;
  readonly reason: string | undefined;
  readonly keepBody?: number | undefined;
}

export interface ResolveRequest {
  readonly id: string;
  readonly as: "delivered" | "again";
  readonly now: number;
  readonly keepBody?: number | undefined;
}

/** How many were changed, and how many were not, since their state does not allow it. */
export interface Changed {
  readonly changed: number;
  /** The states of those that stay as they are. */
  readonly kept: Readonly<Partial<Record<State, number>>>;
}

/** A part of many. */
export interface ChangedSoFar extends Changed {
  /** If the limit ended it: the number after which the next part begins. */
  readonly last?: number | undefined;
}

export interface PauseRequest {
  readonly account: string;
  /** Only this stream; otherwise the whole account. */
  readonly stream: string | undefined;
  readonly paused: boolean;
  readonly now: number;
}

export interface MessageFacts {
  readonly seq: number;
  readonly id: string;
  readonly part: number;
  readonly key: string | undefined;
  readonly account: string;
  readonly stream: string;
  readonly lane: string;
  readonly state: State;
  readonly due: number;
  readonly expires: number;
  readonly attempts: number;
  readonly sender: string;
  readonly messageId: string | undefined;
  readonly size: number;
  readonly onUnknown: OnUnknown;
  readonly reason: string | undefined;
  readonly tags: readonly string[];
  readonly created: number;
  readonly settled: number | undefined;
  readonly recipients: readonly RecipientFate[];
}

export interface AttemptFacts {
  readonly token: number;
  readonly worker: string;
  readonly marked: number | undefined;
  readonly ended: number | undefined;
  readonly ending: string | undefined;
  readonly reason: string | undefined;
  readonly seal: string | undefined;
}

export interface AccountFacts {
  readonly name: string;
  readonly paused: boolean;
  readonly restsUntil: number;
  readonly locked: boolean;
  readonly failures: number;
  readonly reason: string | undefined;
}

export interface LaneFacts {
  readonly account: string;
  readonly name: string;
  readonly domain: string | undefined;
  readonly paused: boolean;
  readonly heldUntil: number;
  readonly reason: string | undefined;
}

export interface Details {
  readonly message: MessageFacts;
  readonly attempts: readonly AttemptFacts[];
  readonly account: AccountFacts | undefined;
  readonly lane: LaneFacts | undefined;
  /** Whether the octets are still there. */
  readonly hasBody: boolean;
}

export interface Counts {
  readonly states: Readonly<Record<State, number>>;
  /** Messages that are held because of doubt: look at these first. */
  readonly unknown: number;
  /** When the oldest message that waits was due. */
  readonly oldestDue: number | undefined;
  /** The `seq` of the last event, after which the next ones come; 0 if there is none. */
  readonly lastEvent: number;
  /** Those of which something is known, and those of all messages that are not decided. */
  readonly accounts: readonly AccountFacts[];
  readonly lanes: readonly LaneFacts[];
  readonly workers: readonly WorkerSeen[];
}

export interface OutboxEvent {
  /** Grows: where to go on reading. */
  readonly seq: number;
  readonly at: number;
  readonly id: string;
  readonly part: number;
  /** What happened, such as `finish`, `defer`, `doubt`, `expire` or `delay`. */
  readonly kind: string;
  readonly state: State;
  readonly reason: string | undefined;
  readonly recipients: readonly RecipientFate[];
}

export interface PurgeRequest {
  /** Ended messages that are older than this go, with all that is known of them. */
  readonly before: number;
  readonly now: number;
  /** Only messages to this address: its part in them goes, whatever their age, unless they are still to be sent. */
  readonly recipient: string | undefined;
  readonly most: number;
}

/** What each operation takes. */
export interface Requests {
  enqueue: NewMessage;
  claim: ClaimRequest;
  mark: MarkRequest;
  settle: Settlement;
  tellAccount: AccountNews;
  beat: WorkerFacts & { readonly now: number };
  leave: { readonly worker: string };
  workers: null;
  reap: ReapRequest;
  expire: { readonly now: number; readonly delayAfter: number; readonly keepBody?: number | undefined };
  cancel: ChangeRequest;
  retry: ChangeRequest;
  resolve: ResolveRequest;
  pause: PauseRequest;
  list: Selection;
  details: { readonly id: string };
  octets: { readonly content: number; readonly row: number };
  counts: null;
  events: { readonly after: number; readonly limit: number };
  purge: PurgeRequest;
}

/** What each operation returns. */
export interface Results {
  enqueue: Enqueued;
  claim: Claimed;
  /** Whether it may be handed over. */
  mark: boolean;
  /** Whether it counted: not if the message was given out again, or cancelled. */
  settle: boolean;
  tellAccount: null;
  beat: null;
  leave: null;
  workers: readonly WorkerSeen[];
  reap: { readonly reclaimed: number; readonly doubtful: number };
  expire: { readonly expired: number };
  cancel: ChangedSoFar;
  retry: ChangedSoFar;
  resolve: Changed;
  pause: null;
  list: readonly MessageFacts[];
  details: readonly Details[];
  octets: Uint8Array | undefined;
  counts: Counts;
  events: readonly OutboxEvent[];
  /** How many messages were forgotten, and whether there may be more to forget: messages, bodies or events. */
  purge: { readonly purged: number; readonly more: boolean };
}

export type Name = keyof Requests;

/** Those that only read: an engine need not make them durable. */
export const reading: ReadonlySet<Name> = new Set<Name>(["workers", "list", "details", "octets", "counts", "events"]);

/** An engine's operations, within a transaction that somebody else began. */
export type Operations = { readonly [name in Name]: (request: Requests[name]) => Results[name] };

/** An engine as the rest of the package sees it. Each call resolves once its step is durable, and rejects with `OutboxError`. */
export interface Store {
  call<N extends Name>(name: N, request: Requests[N]): Promise<Results[N]>;
  /** Waits for the calls that were made before it. */
  close(): Promise<void>;
}
