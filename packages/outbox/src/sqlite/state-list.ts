/** The states that an event may change, as an SQL list: the model's table is the only place that knows them. */
import { type Event, statesBefore } from "../model/state.ts";

export function statesFor(event: Event): string {
  return `(${statesBefore(event)
    .map((state) => `'${state}'`)
    .join(", ")})`;
}

/** Recipients who are still to be sent to. */
export const OPEN = "('pending', 'deferred')";
