/** A process that runs trials for the crew, one after the other, in namespaces if there are any. It ends with its parent. */
import { createAuthority } from "../authority/authority.ts";
import { ADDRESS, furnish } from "../isolation/sandbox.ts";
import type { Run } from "../report/report.ts";
import { LabError, type LabErrorCode } from "../isolation/lab-error.ts";
import { type Place, preparePlace, runTrial, type Trial } from "./trial.ts";

/** The crew's first message to a worker. */
export interface Setting {
  readonly folder: string;
  readonly isPrivate: boolean;
}

export type Order = { readonly set: Setting } | { readonly trial: Trial };
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly run: Run }
  | { readonly kind: "failed"; readonly code: LabErrorCode; readonly reason: string };

/** Linux has all of 127/8, so there the lab avoids the address of `localhost`, for which some clients are less strict. */
const LOOPBACK: string = process.platform === "linux" ? "127.0.0.2" : "127.0.0.1";

let place: Place | undefined;

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
// The parent handles Ctrl-C.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

async function obey(order: Order): Promise<Answer> {
  if ("set" in order) {
    place = await take(order.set);
    return { kind: "ready" };
  }
  if (place === undefined) throw new TypeError("a worker needs a setting before its first trial");
  return { kind: "done", run: await runTrial(order.trial, place, abandoned.signal) };
}

function failure(error: unknown): Answer {
  if (error instanceof LabError) return { kind: "failed", code: error.code, reason: error.message };
  return { kind: "failed", code: "LAB_WORKER", reason: String(error) };
}

async function take({ folder, isPrivate }: Setting): Promise<Place> {
  const address = isPrivate ? ADDRESS : LOOPBACK;
  const authority = await createAuthority({ address });
  if (isPrivate) await furnish(folder, authority.certificate);
  await preparePlace(folder, authority);
  return { authority, folder, address, isPrivate };
}
