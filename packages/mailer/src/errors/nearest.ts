/** Finds the word that somebody meant. */

/** A longer word is not a mistyped one. */
const LONGEST = 64;

/**
 * The nearest word that differs by at most a third of its letters, whatever their case, or else begins with `word`;
 * `undefined` if none is near.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const lower = word.length > LONGEST ? word : word.toLowerCase();
  const ranked = words
    // The distance is at least the difference in length, and takes time in proportion to the product of both lengths.
    .filter((candidate) => candidate.length <= LONGEST && Math.abs(lower.length - candidate.length) <= most(candidate))
    .map((candidate) => ({ candidate, distance: distanceBetween(lower, candidate.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = ranked;
  if (best !== undefined && best.distance <= most(best.candidate)) return best.candidate;
  return words.find((candidate) => word.length > 1 && candidate.startsWith(word));
}

function most(candidate: string): number {
  return Math.ceil(candidate.length / 3);
}

/** Levenshtein's distance: how many letters have to be changed, added or left out. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const change = (row[column - 1] ?? 0) + (one[line - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
