/**
 * Decides what the pool does next. It only reads the pool's state: `Pool` acts on the decision, and asks again.
 *
 * Messages go in the order they came. A connection costs some seven round trips before it carries anything, so another one is
 * opened only if more messages wait than the present ones could carry in that time, or if the first has waited for longer
 * than that.
 */
import type { PreparedMessage } from "../message/envelope.ts";
import type { PoolLimits } from "./limits.ts";

/** If more messages than this wait for each connection, another one is opened at once. */
const WORTH_A_CONNECTION = 8;

export interface LaneView {
  /** Whether it is of no more use: it has carried as many messages as it may, or has ended. */
  readonly isSpent: boolean;
  /** Whether a long message is being handed over: another may have to wait long. */
  readonly isHeldUp: boolean;
  /** Whether a message that it carried was answered. */
  readonly hasServed: boolean;
  readonly inFlight: number;
  /** Whether the first part of the message may go now. */
  admits(message: PreparedMessage): boolean;
  /** How many recipients that part has, if it may have at most `most`. */
  recipientsOf(message: PreparedMessage, most: number): number;
}

interface Waiter {
  readonly message: PreparedMessage;
  /** When it became the first that waits, by the same clock as `now`; `undefined`: just now. */
  readonly since: number | undefined;
}

export interface PoolView<Lane extends LaneView> {
  readonly queue: {
    /** How many wait for a connection. */
    readonly size: number;
    /** The first that may go. */
    readonly first: Waiter | undefined;
    /** How many callers could be asked whether their message may go. */
    readonly unasked: number;
    /** How many are being asked, or have said yes to a message that has not gone. */
    readonly ahead: number;
    /** The first whose caller cannot be asked for want of a connection. */
    readonly stranded: Waiter | undefined;
  };
  readonly lanes: ReadonlySet<Lane>;
  readonly opening: { readonly size: number };
  readonly closing: { readonly size: number };
  readonly openings: {
    readonly cost: number;
    readonly isAway: boolean;
    readonly isCrowded: boolean;
    most(now: number): number;
    mustGiveUp(patience: number): boolean;
    delay(patience: number, now: number): number;
    delayBeside(unproven: number, now: number): number;
  };
  readonly messageRate: { delay(count: number, now: number): number };
  readonly recipientRate: { readonly most: number; delay(count: number, now: number): number };
  readonly limits: PoolLimits;
}

export type Decision<Lane> =
  /** Send the first message over this connection. */
  | { readonly do: "send"; readonly lane: Lane }
  /** Ask the next caller whether the message may go. */
  | { readonly do: "ask" }
  /** Open another connection. */
  | { readonly do: "open" }
  /** Close this connection, which can carry nothing more; another one may take its place. */
  | { readonly do: "replace"; readonly lane: Lane }
  /** Fail all waiting sends: the server has been away for too long. */
  | { readonly do: "give-up" }
  /** Decide again after that many milliseconds, or sooner if something happens. */
  | { readonly do: "wait"; readonly milliseconds: number }
  /** Do nothing until something happens. */
  | { readonly do: "rest" };

const REST = { do: "rest" } as const;
const ASK = { do: "ask" } as const;
const OPEN = { do: "open" } as const;
const GIVE_UP = { do: "give-up" } as const;

/** `now` in milliseconds, by `performance.now()`. */
export function decide<Lane extends LaneView>(state: PoolView<Lane>, now: number): Decision<Lane> {
  const { queue, lanes, limits } = state;
  const { first } = queue;
  let best: Lane | undefined;
  for (const lane of lanes) {
    if (lane.isSpent) return { do: "replace", lane };
    // The one with the fewest messages in flight: if it closes, the fewest are in doubt.
    if (first !== undefined && lane.admits(first.message) && (best === undefined || lane.inFlight < best.inFlight))
      best = lane;
  }
  // What was said yes to may be in doubt if the process ends, so it is a window for each connection, and nothing without one.
  // defence: a-window-is-asked-ahead
  if (queue.unasked > 0 && queue.ahead < limits.window * lanes.size) return ASK;
  const next = first ?? queue.stranded;
  if (next === undefined) return REST;
  const { messageRate, recipientRate } = state;
  const recipients = best?.recipientsOf(next.message, recipientRate.most) ?? next.message.envelope.forwardPaths.length;
  const pause = Math.max(messageRate.delay(1, now), recipientRate.delay(recipients, now));
  // Do not open a connection either: it would close for having nothing to do.
  if (pause > 0) return wait(pause);
  return best === undefined ? decideOpening(state, next.since ?? now, now) : { do: "send", lane: best };
}

/** For a first message that cannot go over any present connection. */
function decideOpening<Lane extends LaneView>(state: PoolView<Lane>, since: number, now: number): Decision<Lane> {
  const { lanes, opening, closing, openings, limits } = state;
  const open = lanes.size + opening.size;
  const all = open + closing.size;
  if (all >= limits.connections) return REST;
  let [carrying, unproven] = [opening.size, opening.size];
  for (const lane of lanes) {
    // defence: no-wait-for-a-body
    if (lane.isHeldUp) continue;
    carrying += 1;
    // defence: those-under-way-may-fail
    if (!lane.hasServed) unproven += 1;
  }
  if (all >= openings.most(now)) return wait(openings.delayBeside(unproven, now));
  if (open === 0) {
    if (openings.mustGiveUp(limits.patience)) return GIVE_UP;
    const delay = openings.delay(limits.patience, now);
    return delay === 0 ? OPEN : wait(delay);
  }
  // One attempt at a time if the server has failed us; if it serves, as many as there are connections that it serves.
  const most = openings.isAway || openings.isCrowded ? 1 : lanes.size;
  // defence: one-connection-while-away
  if (opening.size >= most || (openings.isAway && carrying > 0)) return REST;
  const delay = Math.max(openings.delayBeside(unproven, now), worthIn(state, carrying, since, now));
  return delay === 0 ? OPEN : wait(delay);
}

/** Milliseconds until another connection is worth its cost, if nothing happens before. `carrying`: connections that are not held up. */
function worthIn<Lane extends LaneView>(state: PoolView<Lane>, carrying: number, since: number, now: number): number {
  const { opening, openings, queue } = state;
  if (queue.size > WORTH_A_CONNECTION * carrying) return 0;
  // If one is being opened already, wait for it.
  return opening.size > 0 ? Infinity : Math.max(0, Math.ceil(since + openings.cost - now));
}

function wait(milliseconds: number): Decision<never> {
  return milliseconds === Infinity ? REST : { do: "wait", milliseconds };
}
