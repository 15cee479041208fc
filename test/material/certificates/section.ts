/** Helps to write cases: a section of cases with the same rule, and short forms of names. */
import type { Name } from "@postseal/lab";
import type { Verdict } from "../difference.ts";
import type { Case, Chain } from "./sheet.ts";

type Row = readonly [id: string, right: Verdict, chain: Chain, host?: string];

export function section(rule: string, rows: readonly Row[]): readonly Case[] {
  return rows.map(([id, right, chain, host]) => ({ id, rule, right, chain, ...(host === undefined ? {} : { host }) }));
}

export function dns(...values: readonly string[]): readonly Name[] {
  return values.map((value) => ["dns", value]);
}

export function ip(...values: readonly string[]): readonly Name[] {
  return values.map((value) => ["ip", value]);
}
