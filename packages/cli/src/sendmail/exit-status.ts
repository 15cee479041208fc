/** What callers of sendmail make of its exit code: those of sysexits.h, and no others. */
import type { Receipt } from "@postseal/mailer";
import { exitCodeOf, LATER } from "../exit-code.ts";
import type { Result } from "../result.ts";

const NO_USER = 67;
const NO_HOST = 68;
const UNAVAILABLE = 69;
const PARTLY = 1;
const INTERRUPTED = 130;

export function exitStatusOf(result: Result): number {
  const code = exitCodeOf(result);
  // Nothing was taken, so that trying again is right.
  if (code === INTERRUPTED) return LATER;
  // Never "try again": it would deliver twice to those who have it.
  if (code === PARTLY) return UNAVAILABLE;
  return code === UNAVAILABLE && result.kind === "failed" ? refusalOf(result.receipt) : code;
}

/** By the enhanced status codes (RFC 3463 section 3.2), where all recipients have the same kind of them. */
function refusalOf(receipt: Receipt | undefined): number {
  const statuses = receipt?.recipients.map(({ reply }) => reply?.enhanced ?? "") ?? [];
  if (statuses.length === 0) return UNAVAILABLE;
  if (statuses.every((status) => /^5\.1\.[136]$/.test(status))) return NO_USER;
  return statuses.every((status) => /^5\.1\.(?:2|10)$/.test(status)) ? NO_HOST : UNAVAILABLE;
}
