/** What an import has found: accounts to be, and what was to be said about the lines that they came from. */
import type { DraftConfiguration } from "../account/draft.ts";

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

export interface Draft extends DraftConfiguration {
  readonly findings: readonly Finding[];
}
