/** Which vectors to play: by name, by transport, and by what was asked of the client over its defaults. */
import { vectors } from "./index.ts";
import type { Demand, Transport, Vector } from "./vector.ts";

export interface Selection {
  /** Looked for in the ids. Every vector where left out. */
  readonly pattern?: RegExp;
  /** Both where left out. */
  readonly transports?: readonly Transport[];
  /** What the client was asked for, so that it can be held to it. Nothing where left out. */
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
