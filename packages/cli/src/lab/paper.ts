/** How to lay out a report: as wide as the terminal, and in colour if it is one. */
import type { Output } from "../output.ts";

export function paperOf(to: Output): { readonly columns: number; readonly colour: boolean } {
  return { columns: to.width ?? 80, colour: to.isTerminal && (process.env["NO_COLOR"] ?? "") === "" };
}
