/** What goes between the caller and the thread that has the database. */
import type { Name, Requests } from "../store/operations.ts";
import type { Opening } from "./database.ts";
import type { Fault } from "./fault.ts";

/** Distributes over the names, so that a name and its request stay together. */
export type Call = {
  readonly [N in Name]: { readonly call: number; readonly name: N; readonly request: Requests[N] };
}[Name];

export type Order =
  /** The first. */
  | { readonly is: "open"; readonly opening: Opening }
  | ({ readonly is: "call" } & Call)
  /** The last: what was called before is done. */
  | { readonly is: "close" };

export type Reply =
  /** The first: `fault` if the database cannot be opened, and then the last. */
  | { readonly is: "opened"; readonly fault: Fault | undefined }
  | { readonly is: "result"; readonly call: number; readonly result: unknown }
  | { readonly is: "fault"; readonly call: number; readonly fault: Fault };
