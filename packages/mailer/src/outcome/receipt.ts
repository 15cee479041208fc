/** What became of one message, for each recipient. */
import type { Seal } from "./seal.ts";

/**
 * - `accepted`: the server took responsibility for it (RFC 5321 section 4.2.5).
 * - `deferred`: refused for now (4yz). Nothing was taken; it may be sent again.
 * - `refused`: refused for good (5yz).
 * - `unsent`: it is proved that the server did not take it. It is safe to send again.
 * - `unknown`: everything was handed over, but no answer came back. Sending again may deliver it twice.
 */
export type Outcome = "accepted" | "deferred" | "refused" | "unsent" | "unknown";

/** The command of a transaction that a reply answered: MAIL, RCPT, DATA, or the message itself. */
export type Stage = "mail" | "recipient" | "data" | "message";

/** A server's reply as plain facts. */
export interface ReplyFacts {
  /** 200 to 599. */
  readonly code: number;
  /** The enhanced status code (RFC 3463), e.g. `4.7.1`, if the reply has one. */
  readonly enhanced?: string;
  /** The server's words, lines joined by a space, control characters escaped. */
  readonly text: string;
  /** What it answered, if that was a part of a transaction. Only `recipient` says something of a single address. */
  readonly stage?: Stage;
}

export interface RecipientOutcome {
  readonly address: string;
  readonly outcome: Outcome;
  /** The reply that decided it, if one did. */
  readonly reply?: ReplyFacts;
  /** The seal of the session that carried it. Only if the receipt has none, since its recipients were accepted over sessions that proved different things. */
  readonly seal?: Seal;
}

export interface Receipt {
  /** The Message-ID with its angle brackets; absent if a ready-made message has none, or was not read. */
  readonly messageId?: string;
  /** The reverse-path of the envelope; empty for the null reverse-path. */
  readonly sender: string;
  readonly recipients: readonly RecipientOutcome[];
  /** The seal of the session that carried it; absent if no session was sealed, or if each recipient has a seal of its own. */
  readonly seal?: Seal;
}
