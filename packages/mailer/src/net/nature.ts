/** What a channel is given: how its side of TLS judges what it did not ask for, and who waits for replies. */
import type { Witness } from "../diagnostics/witness.ts";
import type { MailError } from "../errors/mail-error.ts";
import type { Phase } from "../errors/network-error.ts";
import type { Ending } from "../protocol/dialogue.ts";
import type { Concealment } from "../wire/concealment.ts";
import type { Reply } from "../wire/reply.ts";
import type { Progress } from "./body-writer.ts";

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

/** Who waits for the replies to one step. Each is called in the tick in which it is so. */
export interface Wait {
  /** Milliseconds. */
  timeout(phase: Phase): number;
  readonly progress?: Progress | undefined;
  /** The last octet of a body is written, and its dialogue writes nothing more: the channel may carry what others say. */
  written(): void;
  done(replies: readonly Reply[]): void;
  /** `replies`: those that did come, in order. */
  lost(cause: unknown, replies: readonly Reply[], ending: Ending): void;
}
