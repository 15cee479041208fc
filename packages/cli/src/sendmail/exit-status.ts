/** The exit code for callers of sendmail, who know only those of sysexits.h. */
import type { Receipt } from "@postseal/mailer";
import { exitCodeOf } from "../result/exit-code.ts";
import { exits } from "../result/exits.ts";
import type { Result } from "../result/result.ts";

export function exitStatusOf(result: Result): number {
  const code = exitCodeOf(result);
  // Nothing was taken, so trying again is right.
  if (code === exits.interrupted.code || code === exits.terminated.code) return exits.later.code;
  // Never "try again": those who have the message would get it twice.
  // defence: partly-is-never-again
  if (code === exits.partly.code) return exits.refused.code;
  return code === exits.refused.code && result.kind === "failed" ? refusalOf(result.receipt) : code;
}

/** By the enhanced status codes (RFC 3463 section 3.2), if all recipients have the same kind. */
function refusalOf(receipt: Receipt | undefined): number {
  const statuses = receipt?.recipients.map(({ reply }) => reply?.enhanced ?? "") ?? [];
  if (statuses.length === 0) return exits.refused.code;
  if (statuses.every((status) => /^5\.1\.[136]$/.test(status))) return exits.noUser.code;
  return statuses.every((status) => /^5\.1\.(?:2|10)$/.test(status)) ? exits.noHost.code : exits.refused.code;
}
