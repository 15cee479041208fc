/** Which streams the next messages come from. Strict priorities would starve the last one, so each has a share. */

export interface Lane {
  readonly name: string;
  /** Its share beside the others: 10 against 1 means ten messages to one. */
  readonly weight: number;
  /** How much it has had so far, each message counted as 1 / weight. */
  readonly served: number;
}

export interface Share {
  readonly lane: string;
  readonly served: number;
}

/**
 * The lanes in the order in which they give one message each, `count` in all. A lane that had nothing for a while begins where the
 * others are, and gets no more than its share because it was idle.
 */
export function order(lanes: readonly Lane[], count: number): readonly Share[] {
  const longest = Math.max(...lanes.map(({ weight }) => 1 / weight));
  const most = Math.max(...lanes.map(({ served }) => served));
  const running = lanes.map(({ name, weight, served }) => ({
    name,
    step: 1 / weight,
    // Lanes that all have work are never further apart than one turn of the lightest.
    served: Math.max(served, most - longest),
  }));
  return Array.from({ length: lanes.length === 0 ? 0 : count }, () => {
    const first = running.reduce((best, one) => (one.served < best.served ? one : best));
    first.served += first.step;
    return { lane: first.name, served: first.served };
  });
}
