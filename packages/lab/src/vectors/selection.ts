/** Which vectors to play: by name, by transport, and by what the client was asked to do beyond its defaults. */
import { vectors } from "./index.ts";
import type { Demand, Transport, Vector } from "./vector.ts";

export interface Selection {
  /** Matched against the ids. Default: every vector. */
  readonly pattern?: RegExp;
  /** Default: both. */
  readonly transports?: readonly Transport[];
  /** What the client was asked to do, and is judged by. Default: nothing. */
  readonly demands?: readonly Demand[];
}

export function selectVectors({ pattern, transports, demands = [] }: Selection = {}): readonly Vector[] {
  return vectors.filter(
    ({ id, transport, demand }) =>
      (pattern === undefined || pattern.test(id)) &&
      (transports === undefined || transports.includes(transport)) &&
      (demand === undefined || demands.includes(demand)),
  );
}
