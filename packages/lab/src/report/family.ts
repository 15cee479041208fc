/** The families of vectors, by their ids: `A2-220go` is of family A2, in group A. */
import type { VectorFacts } from "./report.ts";

export interface Group {
  readonly letter: string;
  readonly title: string;
  /** In the order in which they are shown. */
  readonly families: readonly Family[];
}

export interface Family {
  readonly name: string;
  readonly vectors: readonly VectorFacts[];
}

/** As in docs/security/attacks.md. */
const titles: ReadonlyMap<string, string> = new Map([
  ["A", "Downgrade before TLS"],
  ["B", "Across the line between clear and TLS"],
  ["C", "Identity"],
  ["D", "TLS that protects too little"],
  ["E", "Logins"],
  ["G", "Hostile and sick servers"],
  ["H", "Honest servers"],
]);

export function familyOf(id: string): string {
  return id.split("-")[0] ?? id;
}

/** The groups by letter, their families by number. Within a family the vectors keep their order. */
export function groupsOf(vectors: readonly VectorFacts[]): readonly Group[] {
  const families = gather(vectors, ({ id }) => familyOf(id))
    .map(([name, members]): Family => ({ name, vectors: members }))
    .toSorted((one, other) => byNumber(one.name, other.name));
  return gather(families, ({ name }) => name.slice(0, 1)).map(([letter, members]) => ({
    letter,
    title: titles.get(letter) ?? "",
    families: members,
  }));
}

/** A2 comes before A10. */
export function byNumber(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

function gather<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const names = [...new Set(items.map(nameOf))];
  return names.map((name) => [name, items.filter((item) => nameOf(item) === name)]);
}
