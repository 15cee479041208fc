/** The states of a message, what changes them, and the states of its recipients, which are a different thing. */

/**
 * - `waiting`: to be sent once it is due.
 * - `leased`: a worker has it, and nothing of its end can have been handed over.
 * - `marked`: its last octets may have been handed over.
 * - `done`: every recipient is decided.
 * - `held`: a person has to decide, because of doubt or because no account here is strong enough.
 * - `dead`: it expired, or its attempts were used up, or it can never be sent.
 * - `cancelled`: a person took it back before it was handed over, or gave it up while it was held.
 */
export const states = ["waiting", "leased", "marked", "done", "held", "dead", "cancelled"] as const;

export type State = (typeof states)[number];

/** What became of one recipient. `pending` and `deferred` are still to be sent to. */
export const outcomes = ["pending", "accepted", "deferred", "refused", "unknown", "expired", "cancelled"] as const;

export type RecipientState = (typeof outcomes)[number];

export const events = [
  "claim",
  "mark",
  "release",
  "defer",
  "finish",
  "doubt",
  "redeliver",
  "exhaust",
  "refuse",
  "reclaim",
  "cancel",
  "expire",
  "resolve",
  "retry",
] as const;

export type Event = (typeof events)[number];

type Changes = Readonly<Partial<Record<State, State>>>;

/**
 * Every edge. The stores take the states that an event may change from here, so no statement can know another rule.
 *
 * Three of them start from `waiting` and `held` too: that is late evidence. A worker that was taken for dead, but lives, still has the
 * reply. Its token decides whether it may speak: once the message was given out again, the token is another one.
 */
const edges: Readonly<Record<Event, Changes>> = {
  /** A worker takes it; the token grows. */
  claim: { waiting: "leased" },
  /** The fence: without this commit no last octet is handed over. It may come twice under one token. */
  mark: { leased: "marked", marked: "marked" },
  /** It is proved that nothing was taken, for a reason that is not the message's. */
  release: { leased: "waiting", marked: "waiting", held: "waiting", waiting: "waiting" },
  /** Some recipients are to be tried again later. */
  defer: { leased: "waiting", marked: "waiting", held: "waiting", waiting: "waiting" },
  /** Every recipient is decided. */
  finish: { leased: "done", marked: "done", held: "done", waiting: "done" },
  /** Everything was handed over and no answer came; somebody has to decide. */
  doubt: { marked: "held", leased: "held" },
  /** The same, but the message was given with `onUnknown: "redeliver"`. */
  redeliver: { marked: "waiting", leased: "waiting" },
  /** It will never be sent: attempts used up, or no server of this account can take it. */
  exhaust: { leased: "dead", marked: "dead", held: "dead", waiting: "dead" },
  /** The account here promises less than the message was promised. */
  refuse: { leased: "held" },
  /** Its worker is dead, and had not marked it: proved unsent. */
  reclaim: { leased: "waiting" },
  cancel: { waiting: "cancelled", leased: "cancelled", held: "cancelled" },
  expire: { waiting: "dead" },
  /** A person says that what was in doubt arrived. */
  resolve: { held: "done" },
  /** A person has it sent again, after doubt or after death. The token grows, so late evidence no longer counts. */
  retry: { held: "waiting", dead: "waiting", waiting: "waiting" },
};

/** The state after the event; `undefined` if the event changes nothing in this state. */
export function next(state: State, event: Event): State | undefined {
  return edges[event][state];
}

/** The states in which the event changes something. */
export function statesBefore(event: Event): readonly State[] {
  return states.filter((state) => next(state, event) !== undefined);
}

/** Whether nothing will happen to it any more by itself or by a worker. */
export function isOver(state: State): boolean {
  return state === "done" || state === "dead" || state === "cancelled";
}
