/** The root of every error that this package throws on purpose. */
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
  /** What became of each recipient, if a message was under way. */
  receipt?: Receipt;

  constructor(message: string, facts: MailErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.disposition = facts.disposition;
    // V8 wrote the stack before `name` knew the class; captured again, a printed error begins with its own name.
    Error.captureStackTrace(this, new.target);
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** What became of the message that was under way when this was thrown; `undefined` if none was. */
export function receiptOf(error: unknown): Receipt | undefined {
  return error instanceof MailError ? error.receipt : undefined;
}

/** The same error for another message, without the receipt of the first; or with a text that says more. */
export function copyOf(error: MailError, message: string = error.message): MailError {
  const copy: unknown = Reflect.construct(Error, [message, { cause: error.cause }], error.constructor);
  if (!(copy instanceof MailError)) return error;
  const { receipt: _, ...facts } = error;
  // A printed error is its stack, which begins with the text.
  return Object.assign(copy, facts, { stack: error.stack?.replace(error.message, () => message) });
}
