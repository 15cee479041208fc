/** What a report is written on: the terminal's width, and colour where somebody looks. */
import { widthOf } from "../terminal.ts";

export function paperOf(stream: NodeJS.WriteStream): { readonly columns: number; readonly colour: boolean } {
  return { columns: widthOf(stream) ?? 80, colour: stream.isTTY && (process.env["NO_COLOR"] ?? "") === "" };
}
