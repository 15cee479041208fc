/**
 * What the pool does next: looked up from its state, and nothing changed. `Pool` acts on it, and asks again.
 *
 * Messages go in the order they came. A connection costs some seven round trips before it carries anything, so another one is
 * opened only if more messages wait than those there are could carry in that time, or if the first has waited for longer
 * than that.
 */
import type { PreparedMessage } from "../message/envelope.ts";
import type { PoolLimits } from "./limits.ts";

/** Messages that have to wait for each connection before another one is opened at once. */
const WORTH_A_CONNECTION = 8;

export interface LaneView {
  /** Whether it is of no more use: it has carried all that it may, or has ended. */
  readonly isSpent: boolean;
  /** Whether a message that takes its time is being handed over: it may be long until another can follow. */
  readonly isHeldUp: boolean;
  readonly inFlight: number;
  /** Whether the first part of it may go now. */
  admits(message: PreparedMessage): boolean;
  /** How many recipients that part has, if it may have `most`. */
  recipientsOf(message: PreparedMessage, most: number): number;
}

export interface PoolView<Lane extends LaneView> {
  readonly queue: {
    readonly size: number;
    /** `since`: since when it has been the first that waits, by the same clock as `now`; `undefined` for now. */
    readonly first: { readonly message: PreparedMessage; readonly since: number | undefined } | undefined;
  };
  readonly lanes: ReadonlySet<Lane>;
  readonly opening: { readonly size: number };
  readonly closing: { readonly size: number };
  readonly openings: {
    readonly cost: number;
    readonly isAway: boolean;
    readonly isCrowded: boolean;
    most(now: number): number;
    mustTell(patience: number): boolean;
    delay(patience: number, now: number): number;
    delayBeside(now: number): number;
  };
  readonly messageRate: { delay(count: number, now: number): number };
  readonly recipientRate: { readonly most: number; delay(count: number, now: number): number };
  readonly limits: PoolLimits;
}

export type Decision<Lane> =
  /** The first message goes over this connection. */
  | { readonly do: "send"; readonly lane: Lane }
  /** Another connection is opened. */
  | { readonly do: "open" }
  /** This connection carries nothing more: it closes, and another one may take its place. */
  | { readonly do: "replace"; readonly lane: Lane }
  /** All waiting sends fail: the server has been away for too long. */
  | { readonly do: "give-up" }
  /** Nothing can be done now; something can after so many milliseconds, if nothing happens before. */
  | { readonly do: "wait"; readonly milliseconds: number }
  /** Nothing is to be done until something happens. */
  | { readonly do: "rest" };

const REST = { do: "rest" } as const;
const OPEN = { do: "open" } as const;
const GIVE_UP = { do: "give-up" } as const;

/** `now` in milliseconds, by `performance.now()`. */
export function decide<Lane extends LaneView>(state: PoolView<Lane>, now: number): Decision<Lane> {
  const { first } = state.queue;
  let best: Lane | undefined;
  for (const lane of state.lanes) {
    if (lane.isSpent) return { do: "replace", lane };
    // The one with the least on its way: should it close, the fewest are in doubt.
    if (first !== undefined && lane.admits(first.message) && (best === undefined || lane.inFlight < best.inFlight))
      best = lane;
  }
  if (first === undefined) return REST;
  const { messageRate, recipientRate } = state;
  const recipients =
    best?.recipientsOf(first.message, recipientRate.most) ?? first.message.envelope.forwardPaths.length;
  const pause = Math.max(messageRate.delay(1, now), recipientRate.delay(recipients, now));
  // Nor is a connection opened that would wait, and close for having nothing to do.
  if (pause > 0) return wait(pause);
  return best === undefined ? decideOpening(state, first.since ?? now, now) : { do: "send", lane: best };
}

/** The first message cannot go over any connection that there is. */
function decideOpening<Lane extends LaneView>(state: PoolView<Lane>, since: number, now: number): Decision<Lane> {
  const { lanes, opening, closing, openings, limits } = state;
  const open = lanes.size + opening.size;
  const all = open + closing.size;
  if (all >= limits.connections) return REST;
  if (all >= openings.most(now)) return wait(openings.delayBeside(now));
  if (open === 0) {
    if (openings.mustTell(limits.patience)) return GIVE_UP;
    const delay = openings.delay(limits.patience, now);
    return delay === 0 ? OPEN : wait(delay);
  }
  let carrying = opening.size;
  // defence: no-wait-for-a-body
  for (const lane of lanes) if (!lane.isHeldUp) carrying += 1;
  // A server that has failed us is asked by one connection at a time; one that serves, by as many as it serves.
  const most = openings.isAway || openings.isCrowded ? 1 : lanes.size;
  // defence: one-connection-while-away
  if (opening.size >= most || (openings.isAway && carrying > 0)) return REST;
  const delay = Math.max(openings.delayBeside(now), worthIn(state, carrying, since, now));
  if (delay === Infinity) return REST;
  return delay === 0 ? OPEN : wait(delay);
}

/** Milliseconds until another connection is worth its cost, if nothing happens before. `carrying`: those that are not held up. */
function worthIn<Lane extends LaneView>(state: PoolView<Lane>, carrying: number, since: number, now: number): number {
  const { opening, openings, queue } = state;
  if (queue.size > WORTH_A_CONNECTION * carrying) return 0;
  // One that is being opened is waited for.
  return opening.size > 0 ? Infinity : Math.max(0, Math.ceil(since + openings.cost - now));
}

function wait(milliseconds: number): Decision<never> {
  return { do: "wait", milliseconds };
}
