/** The states that an event may change, as an SQL list: the model's table is the only place that knows them. */
import { type Event, isOver, type State, states, statesBefore } from "../model/state.ts";

export function statesFor(event: Event): string {
  return listed(statesBefore(event));
}

function listed(some: readonly State[]): string {
  return `(${some.map((state) => `'${state}'`).join(", ")})`;
}

/** Messages to which nothing will happen any more. */
export const OVER: string = listed(states.filter(isOver));

/** Recipients who are still to be sent to. */
export const OPEN = "('pending', 'deferred')";
