/** A process that runs trials for the crew, one after the other, in namespaces if there are any. It ends with its parent. */
import { close } from "node:inspector";
import { LabError, type LabErrorCode } from "../isolation/lab-error.ts";
import type { Run } from "../report/report.ts";
import { findPlace, type Place } from "./room.ts";
import { runTrial, type Trial } from "./trial.ts";

/** The crew's first message to a worker. */
export interface Setting {
  readonly folder: string;
  /** As `findNamespaces` returns it. */
  readonly cell: readonly string[] | undefined;
}

export type Order = { readonly set: Setting } | { readonly trial: Trial };
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly run: Run }
  | { readonly kind: "failed"; readonly code: LabErrorCode; readonly reason: string };

let place: Place | undefined;

// NODE_OPTIONS may have opened a debugger, for another program: a port of the judge, within reach of the client.
close();

process.on("message", (order: Order) => {
  void obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.(failure(error)),
  );
});
// Without a parent there is nobody to report to. The client is ended first, since without namespaces nothing else ends it.
const abandoned = new AbortController();
process.on("disconnect", () => {
  abandoned.abort();
  process.exit();
});
// The parent handles Ctrl-C. On SIGUSR1 Node would open a debugger, to which a client could connect.
for (const signal of ["SIGINT", "SIGTERM", "SIGUSR1"] as const) process.on(signal, () => undefined);

async function obey(order: Order): Promise<Answer> {
  if ("set" in order) {
    place = await findPlace(order.set.folder, order.set.cell);
    return { kind: "ready" };
  }
  if (place === undefined) throw new TypeError("a worker needs a setting before its first trial");
  return { kind: "done", run: await runTrial(order.trial, place, abandoned.signal) };
}

function failure(error: unknown): Answer {
  if (error instanceof LabError) return { kind: "failed", code: error.code, reason: error.message };
  return { kind: "failed", code: "LAB_WORKER", reason: String(error) };
}
