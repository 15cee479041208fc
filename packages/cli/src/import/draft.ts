/** The result of an import: accounts, and remarks about the lines that they came from. */
import type { DraftConfiguration } from "../account/draft.ts";

export interface Finding {
  /** From 1; absent if the remark is not about a line. */
  readonly line: number | undefined;
  /** `unsafe`: it put mail or passwords at risk. `left-out`: it has no place here; nothing is lost unless `now` says so. */
  readonly kind: "unsafe" | "left-out";
  /** What the line did, without its full stop. Never a secret. */
  readonly what: string;
  /** What replaces it. */
  readonly now: string;
}

export interface Draft extends DraftConfiguration {
  readonly findings: readonly Finding[];
}

/** By line; those about none come first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

export function formatFinding(file: string, { line, kind, what, now }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${kind === "unsafe" ? "unsafe" : "left out"}: ${what}. Now: ${now}`;
}
