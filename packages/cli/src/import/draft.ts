/** What an import has found: accounts to be, and what was to be said about the lines that they came from. */

export interface Finding {
  /** From 1; absent where it is about something that is not there. */
  readonly line: number | undefined;
  /** `unsafe`: it put mail or passwords at risk. `left-out`: it has no place here, and is not missed unless it says so. */
  readonly kind: "unsafe" | "left-out";
  /** What it was and what it did, without its full stop. Never a secret. */
  readonly what: string;
  /** What is there now instead. */
  readonly now: string;
}

export type DraftValue = string | readonly string[] | Readonly<Record<string, string>>;

export interface DraftAccount {
  readonly name: string;
  /** Keys of an account, in the order in which they are written. */
  readonly keys: ReadonlyMap<string, DraftValue>;
  /** A secret that stood in the file: for a file of its own, and for nothing else. */
  readonly secret: string | undefined;
}

export interface Draft {
  readonly accounts: readonly DraftAccount[];
  readonly defaultAccount: string | undefined;
  readonly findings: readonly Finding[];
}
