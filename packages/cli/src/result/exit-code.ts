/** Turns a result into an exit code that a script can act on; exits.ts has the table. */
import type { Receipt } from "@postseal/mailer";
import { Interruption } from "../interruption.ts";
import { exitOfError, exits } from "./exits.ts";
import type { Result } from "./result.ts";

export function exitCodeOf(result: Result): number {
  if (result.kind === "verified" || result.kind === "queued") return exits.done.code;
  // First: if another code made a script send again, the message might arrive twice.
  if (isUnknown(result.receipt)) return exits.unknown.code;
  if (result.kind === "failed") return codeOf(result.error);
  return isWhole(result.receipt) ? exits.done.code : exits.partly.code;
}

/** By the error's code, not its class: loading the library may be what failed. */
function codeOf(error: unknown): number {
  if (error instanceof Interruption && error.isTermination) return exits.terminated.code;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return exits.software.code;
  const isTransient = "disposition" in error && error.disposition === "retry";
  return exitOfError(error.code, isTransient) ?? exits.software.code;
}

function isUnknown(receipt: Receipt | undefined): boolean {
  return receipt?.recipients.some(({ outcome }) => outcome === "unknown") === true;
}

function isWhole(receipt: Receipt): boolean {
  return receipt.recipients.every(({ outcome }) => outcome === "accepted");
}
