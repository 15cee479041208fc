/** One description of a page, for both --help and the manual page. */
import type { OptionTable } from "../option.ts";
import { type ExitName, exitRows, mailExits } from "../result/exits.ts";

export interface Page {
  /** `postseal send`, or `postseal config check [FILE]`: how it is called. */
  readonly call: string;
  readonly what: string;
  /** As they are typed; within 78 columns. */
  readonly examples: readonly string[];
  readonly sections: readonly Section[];
}

/** A page without what the register already says about its subcommand. */
export interface PageText {
  /** Replaces the register's words for what it is for. */
  readonly what?: string;
  readonly examples: readonly string[];
  readonly sections: readonly Section[];
}

/** Its parts are shown in this order. */
export interface Section {
  /** The member of a group whose own help has it too. */
  readonly of?: string;
  readonly heading?: string;
  readonly paragraphs?: readonly string[];
  /** Lines that are shown as they are, such as a file. */
  readonly sample?: readonly string[];
  readonly options?: OptionTable;
  readonly rows?: readonly Row[];
}

/** A term, and what it means. */
export type Row = readonly [term: string, what: string];

/** One object, shared by several pages: the manual page prints it once. */
export const exitCodes: Section = { ...exitSection(mailExits), heading: "Exit codes (sysexits.h)" };

/** `words`: meanings that differ on this page. */
export function exitSection(
  names: readonly ExitName[],
  words: Readonly<Partial<Record<ExitName, string>>> = {},
): Section {
  return { heading: "Exit codes", rows: exitRows(names, words) };
}
