/** A listed difference between what is right and what Postseal does, and why. A difference that is gone is an error too. */

export type Verdict = "accepted" | "refused";

export interface Difference {
  /** What Postseal does, though the rule says otherwise. */
  readonly verdict: Verdict;
  readonly why: string;
  readonly ids: readonly string[];
}

/** The cases that differ but are not listed, and those that are listed but do not differ. */
export function compare(
  differences: readonly Difference[],
  results: readonly { readonly id: string; readonly right: Verdict; readonly verdict: Verdict }[],
): { readonly unlisted: readonly string[]; readonly vanished: readonly string[] } {
  const listed = new Map(differences.flatMap(({ ids, verdict }) => ids.map((id) => [id, verdict] as const)));
  const differing = new Map(
    results.filter(({ right, verdict }) => right !== verdict).map(({ id, verdict }) => [id, verdict] as const),
  );
  return {
    unlisted: [...differing]
      .filter(([id, verdict]) => listed.get(id) !== verdict)
      .map(([id, verdict]) => `${id}: ${verdict}`),
    vanished: [...listed.keys()].filter((id) => !differing.has(id)),
  };
}
