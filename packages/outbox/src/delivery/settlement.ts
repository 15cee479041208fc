/** What an attempt comes to: pure, from the claim, the receipt and the error. */
import { MailError, type Receipt, type RecipientOutcome, shown } from "@postseal/mailer";
import { isRedelivered, MOST_ATTEMPTS, retryDelay } from "../model/schedule.ts";
import type { Claim, Ending, RecipientFate, Settlement } from "../store/operations.ts";
import { blame, type Blame, leavesUnsent } from "./blame.ts";

export interface Attempt {
  readonly claim: Claim;
  readonly worker: string;
  readonly receipt: Receipt | undefined;
  readonly error: unknown;
  readonly now: number;
  /** 0 to 1. */
  readonly random: number;
  /** Milliseconds that a body is kept after the end. */
  readonly keepBody: number;
}

export interface Result {
  readonly settlement: Settlement;
  readonly account: Blame["account"];
  readonly reason: string | undefined;
}

export function settlementOf(attempt: Attempt): Result {
  const { claim, worker, receipt, error, now, random, keepBody } = attempt;
  const { account, unsent } = blame(receipt, error);
  const fates = claim.recipients.map((address) => fateOf(address, receipt));
  const ending = endingOf(fates, unsent, claim);
  const recipients = ending === "redeliver" ? fates.map(withoutDoubt) : fates;
  const enhanced = recipients.find(({ outcome }) => outcome === "deferred")?.enhanced;
  const reason = reasonOf(error, receipt);
  const isLater = ending === "defer" || ending === "redeliver";
  const settlement: Settlement = {
    seq: claim.seq,
    token: claim.token,
    worker,
    ending,
    recipients,
    due: isLater ? now + retryDelay({ attempts: claim.attempts, enhanced, random }) : now,
    now,
    reason,
    seal: receipt?.seal === undefined ? undefined : JSON.stringify(receipt.seal),
    keepBody,
    random,
  };
  return { settlement, account, reason };
}

function endingOf(fates: readonly RecipientFate[], unsent: Blame["unsent"], { onUnknown, attempts }: Claim): Ending {
  // defence: doubt-comes-first
  if (fates.some(({ outcome }) => outcome === "unknown"))
    return isRedelivered(onUnknown, attempts) ? "redeliver" : "doubt";
  const open = fates.filter(({ outcome }) => outcome === "pending" || outcome === "deferred");
  if (open.length === 0) return "finish";
  const isUntouched = fates.every(({ outcome }) => outcome === "pending");
  if (isUntouched && unsent === "release") return "release";
  if (open.every(({ outcome }) => outcome === "pending") && unsent === "give-up") return "exhaust";
  return attempts >= MOST_ATTEMPTS ? "exhaust" : "defer";
}

function fateOf(address: string, receipt: Receipt | undefined): RecipientFate {
  const found = receipt?.recipients.find((one) => one.address === address);
  const isOpen = found === undefined || found.outcome === "unsent" || isLeftUnsent(found);
  const outcome = isOpen ? "pending" : found.outcome;
  return { address, outcome, ...replyOf(found) };
}

function isLeftUnsent({ reply }: RecipientOutcome): boolean {
  return reply !== undefined && leavesUnsent(reply);
}

function replyOf(recipient: RecipientOutcome | undefined): Partial<RecipientFate> {
  if (recipient?.reply === undefined) return {};
  const { code, enhanced, text, stage } = recipient.reply;
  return { code, enhanced, text, stage };
}

function withoutDoubt(fate: RecipientFate): RecipientFate {
  return fate.outcome === "unknown" ? { ...fate, outcome: "pending" } : fate;
}

function reasonOf(error: unknown, receipt: Receipt | undefined): string | undefined {
  if (error instanceof MailError) return `${error.code}: ${error.message}`;
  if (error !== undefined)
    return shown(error instanceof Error ? error.message : "something that is no error was thrown");
  const left = receipt?.recipients.find(({ outcome }) => outcome !== "accepted");
  if (left?.reply === undefined) return undefined;
  const { code, enhanced = "", text } = left.reply;
  return [String(code), enhanced, text].filter((word) => word !== "").join(" ");
}
