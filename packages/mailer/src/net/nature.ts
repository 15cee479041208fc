/** What a channel needs from outside: how its side of TLS judges what it did not ask for, and the waits that take its replies. */
import type { Sighting } from "../diagnostics/sighting.ts";
import type { Witness } from "../diagnostics/witness.ts";
import type { MailError } from "../errors/mail-error.ts";
import type { Phase } from "../errors/network-error.ts";
import type { Ending } from "../protocol/dialogue.ts";
import type { Concealment } from "../wire/concealment.ts";
import type { Reply } from "../wire/reply.ts";
import type { BodyHooks } from "./body-writer.ts";

/** What differs between the clear and the sealed side. */
export interface ChannelNature {
  /** The server, as errors name it. */
  readonly peer: string;
  /** Reports commands and replies to observers. */
  readonly witness: Witness;
  /** Strikes secrets out of the server's words. */
  readonly concealment: Concealment;
  /** The error for octets that nobody asked for; `undefined` if they are a courtesy (421 on an idle connection): then the channel just closes. */
  unsolicited(evidence: string, idleReply: Reply | undefined): MailError | undefined;
  /** The error for what the stream reports. */
  broken(cause: unknown, phase: Phase): MailError;
}

/** Waits for the replies to one step. Each callback comes in the tick of what it reports. */
export interface Wait extends BodyHooks {
  /** The message that the step belongs to, for observers. */
  readonly sighting?: Sighting | undefined;
  /** Milliseconds. */
  timeout(phase: Phase): number;
  /** The last octet of a body is written, and its dialogue writes nothing more: others may write. */
  written(): void;
  done(replies: readonly Reply[]): void;
  /** `replies`: those that came before, in order. */
  lost(cause: unknown, replies: readonly Reply[], ending: Ending): void;
}
