/** The root of every error that this package throws on purpose. */
import { receiptOf } from "../outcome/receipt-of.ts";
import type { Receipt } from "../outcome/receipt.ts";
import type { MailErrorCode } from "./codes.ts";

/**
 * What repeating may do, decided from facts and never from the text of a reply.
 * - `retry`: nothing was taken; the same may succeed later, under the same policy.
 * - `give-up`: the same will fail again.
 * - `ask`: repeating may deliver twice, so somebody has to decide.
 */
export type Disposition = "retry" | "give-up" | "ask";

export interface MailErrorFacts {
  readonly disposition: Disposition;
  readonly cause?: unknown;
}

/** Match on `code`, never on the message. */
export abstract class MailError extends Error {
  abstract readonly code: MailErrorCode;
  readonly disposition: Disposition;

  constructor(message: string, facts: MailErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.disposition = facts.disposition;
    // Again, now that the class is known: a printed error then begins with its name.
    Error.captureStackTrace(this, new.target);
  }

  /** What became of each recipient, where a message was under way. */
  get receipt(): Receipt | undefined {
    return receiptOf(this);
  }

  override get name(): string {
    return this.constructor.name;
  }
}
