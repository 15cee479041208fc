/** What a report is written on: the terminal's width, and colour where somebody looks. */
import type { Output } from "../output.ts";

export function paperOf(to: Output): { readonly columns: number; readonly colour: boolean } {
  return { columns: to.width ?? 80, colour: to.isTerminal && (process.env["NO_COLOR"] ?? "") === "" };
}
