/**
 * When a refusal is the account's, not the message's. A server that refuses the sender of one message after another with the same reply
 * would refuse all that waits: an address that is not verified, or an account that may not send any more.
 */
import type { RecipientState } from "./state.ts";

/** What the server said about one recipient. */
interface Answer {
  readonly outcome: RecipientState;
  readonly code?: number | undefined;
  readonly enhanced?: string | undefined;
  readonly text?: string | undefined;
  readonly stage?: string | undefined;
}

/** Messages in a row that were refused for good at MAIL with the same reply. */
export interface Refusals {
  readonly count: number;
  readonly reply: string;
  /** The id of the last one: its parts are one message. */
  readonly last: string;
}

/** So many are the account's. */
export const MOST_REFUSED = 5;

/** The reply, if it refused the whole message at MAIL. Its status code stands for it: the text may have an id in it. */
export function refusalAtMail(answers: readonly Answer[]): string | undefined {
  const [first] = answers;
  if (first?.code === undefined) return undefined;
  if (!answers.every(({ outcome, stage }) => outcome === "refused" && stage === "mail")) return undefined;
  return `${first.code} ${first.enhanced ?? first.text ?? ""}`.trim();
}

/** Whether the server took the sender. */
export function tookSender(answers: readonly Answer[]): boolean {
  return answers.some(({ outcome, stage }) => outcome === "accepted" || (stage !== undefined && stage !== "mail"));
}

export function afterRefusal(before: Refusals | undefined, id: string, reply: string): Refusals {
  if (before?.reply !== reply) return { count: 1, reply, last: id };
  return before.last === id ? before : { count: before.count + 1, reply, last: id };
}

export function isOfAccount({ count }: Refusals): boolean {
  return count >= MOST_REFUSED;
}
