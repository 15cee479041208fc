/** A page of the manual: what --help prints and what the manual page says, from one description. */
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

/** A page without what the register says of its subcommand already. */
export interface PageText {
  /** Instead of what the register says it is for. */
  readonly what?: string;
  readonly examples: readonly string[];
  readonly sections: readonly Section[];
}

/** Its parts are shown in this order. */
export interface Section {
  readonly heading?: string;
  readonly paragraphs?: readonly string[];
  /** Shown as it stands: a file, a layout. */
  readonly sample?: readonly string[];
  readonly options?: OptionTable;
  readonly rows?: readonly Row[];
}

/** A term, and what it means. */
export type Row = readonly [term: string, what: string];

/** The same section on several pages: the manual page prints it once. */
export const exitCodes: Section = { ...exitSection(mailExits), heading: "Exit codes (sysexits.h)" };

/** `words`: what a code means on this page, if not what it means everywhere. */
export function exitSection(
  names: readonly ExitName[],
  words: Readonly<Partial<Record<ExitName, string>>> = {},
): Section {
  return { heading: "Exit codes", rows: exitRows(names, words) };
}
