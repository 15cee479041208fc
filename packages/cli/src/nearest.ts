/** Finds the word that somebody meant. */

/** The nearest word that differs by a third of its letters at most, or begins with what was written; `undefined` where none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, distance: distanceBetween(word, candidate) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = ranked;
  if (best !== undefined && best.distance <= Math.ceil(best.candidate.length / 3)) return best.candidate;
  return words.find((candidate) => word.length > 1 && candidate.startsWith(word));
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
