/** What a channel is given: how its side of TLS judges what it did not ask for, and who waits for which replies. */
import type { MailError } from "../errors/mail-error.ts";
import type { Witness } from "../diagnostics/witness.ts";
import type { Phase } from "../errors/network-error.ts";
import type { Concealment } from "../wire/concealment.ts";
import type { Reply } from "../wire/reply.ts";

/** What differs between the clear and the sealed side. */
export interface ChannelNature {
  /** The server, as errors name it. */
  readonly peer: string;
  /** Tells observers what is said and heard. */
  readonly witness: Witness;
  /** What may be shown of the server's words. */
  readonly concealment: Concealment;
  /** The error for octets that nobody asked for; `undefined` where they are a courtesy (421 on an idle connection) and the channel just closes. */
  unsolicited(evidence: string, idleReply: Reply | undefined): MailError | undefined;
  /** The error for what the stream reports. */
  broken(cause: unknown, phase: Phase): MailError;
}

export interface Wait {
  /** What each reply that the step is owed answers: one entry a reply, in order. */
  readonly expects: readonly Phase[];
  /** Milliseconds. */
  timeout(phase: Phase): number;
  done(replies: readonly Reply[]): void;
  /** `replies`: those that did come, in order. */
  lost(cause: unknown, replies: readonly Reply[], end: End): void;
}

/** What is known of the end of a channel, beside its cause. */
export interface End {
  /** The last that the server said was 421, and then it closed: nothing that lay behind was processed (RFC 5321 section 3.8). */
  readonly closing: boolean;
  /** Whether what the wait began with was handed to the connection. */
  readonly written: boolean;
}
