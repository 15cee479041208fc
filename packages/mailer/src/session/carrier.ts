/** Carries messages over one sealed channel, several at a time, and reports what became of each. */
import { MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { RecipientOutcome } from "../outcome/receipt.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import { framingOf, goesWhole } from "../protocol/plan.ts";
import { partOf, type TransactionLimits } from "../protocol/split.ts";
import type { Transacted } from "../protocol/ledger.ts";
import { transact } from "../protocol/transaction.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import { unsentReceipt } from "./conclusion.ts";
import type { SessionContext } from "./context.ts";
import { Conversation, type ConversationOptions, type DialogueOptions, type Listener } from "./conversation.ts";
import { ALONE, type Load, type Pass, type Turnstile } from "./turnstile.ts";

type CarryOptions = Omit<DialogueOptions, "timeouts"> & Partial<Pick<ConversationOptions, "sighting">>;

/** What became of one message on one connection. */
export interface Carried {
  readonly recipients: readonly RecipientOutcome[];
  /** What ended the message in the middle, or kept it from beginning. */
  readonly failure?: unknown;
  /** The server answered that it does not have the BDAT that it offers. */
  readonly refusesChunks?: boolean;
}

/** Hears what becomes of one message. A failure is a result too. */
export type Carrying = Omit<Listener<Carried>, "failed">;

/** If only reading a message shows its size, it counts as large. */
const UNKNOWN_SIZE = 1024 * 1024;

export class Carrier {
  readonly #channel: SealedChannel;
  readonly #offered: Capabilities;
  readonly #context: SessionContext;
  readonly #turnstile: Turnstile;
  readonly #limits: TransactionLimits;
  #resetFirst = false;
  #framing: "dot" | "bdat" = "bdat";
  /** The message that was begun last is written piece by piece. */
  #inPieces = false;
  #begun = 0;

  constructor(channel: SealedChannel, offered: Capabilities, context: SessionContext, turnstile: Turnstile) {
    this.#channel = channel;
    this.#offered = offered;
    this.#context = context;
    this.#turnstile = turnstile;
    this.#limits = {
      recipients: offered.limit("RCPTMAX") ?? Infinity,
      domains: offered.limit("RCPTDOMAINMAX") ?? Infinity,
    };
  }

  /** Transactions begun so far. */
  get begun(): number {
    return this.#begun;
  }

  get inFlight(): number {
    return this.#turnstile.inFlight;
  }

  /** Whether a long message is being handed over: nothing else can be written meanwhile. */
  get isHeldUp(): boolean {
    return this.#inPieces && this.#turnstile.isWriting;
  }

  /** The part of the message that one transaction may carry, to at most `most` recipients: nearly always all of it. */
  partOf(message: PreparedMessage, most?: number): PreparedMessage {
    return partOf(message, this.#limits, most);
  }

  /** Whether `begin` may be called now with such a part. */
  admits(message: PreparedMessage): boolean {
    return this.#channel.isOpen && this.#turnstile.admits(this.loadOf(this.partOf(message)));
  }

  /** Begins to send in this tick. `part` comes from `partOf`. */
  begin(part: PreparedMessage, options: CarryOptions, carrying: Carrying): void {
    this.carry(part, options, this.#turnstile.take(this.loadOf(part)), carrying);
  }

  loadOf(message: PreparedMessage): Load {
    const { content, envelope } = message;
    const recipients = envelope.forwardPaths.length;
    const { refusedAfterDot, chunking } = this.#context.pipelining;
    const dot = this.#framingOf(message) === "dot";
    // Few servers expect an envelope that is pipelined after a final dot, so it is not tried on one that takes chunks.
    const hasToWait = dot && (refusedAfterDot || (chunking && this.#offered.has("CHUNKING")));
    if (hasToWait || !this.#offered.has("PIPELINING")) return ALONE;
    return { commands: recipients + 2, octets: content.size ?? UNKNOWN_SIZE };
  }

  carry(message: PreparedMessage, options: CarryOptions, pass: Pass, carrying: Carrying): void {
    const { peer, timeouts } = this.#context;
    const isAhead = this.#turnstile.inFlight > 1;
    const dialogue = transact({
      message,
      offered: this.#offered,
      peer,
      // defence: reset-before-what-is-written-ahead
      resetFirst: this.#resetFirst || isAhead,
      chunking: this.#context.pipelining.chunking,
      pushedBack: isAhead && this.#framing === "dot" ? this.#pushedBack : undefined,
    });
    this.#framing = this.#framingOf(message);
    this.#inPieces = !goesWhole(message.content);
    this.#begun += 1;
    const { signal, progress, beforeHandover, sighting } = options;
    new Conversation(
      dialogue,
      this.#channel,
      { timeouts, signal, progress, beforeHandover, sighting, gathers: true },
      {
        written: () => {
          pass.written();
          carrying.written();
        },
        done: (transacted) => {
          this.#applyResult(transacted);
          pass.done(isClean(transacted));
          carrying.done(transacted);
        },
        failed: (failure) => {
          // A `MailError` comes before the first command: the connection knows nothing of it. Anything else is a bug of ours.
          if (!(failure instanceof MailError)) this.#channel.fail(failure);
          pass.done(false);
          carrying.done({ recipients: unsentReceipt(message).recipients, failure });
        },
      },
    ).begin();
  }

  #framingOf(message: PreparedMessage): "dot" | "bdat" {
    return framingOf(message, this.#offered, this.#context.pipelining.chunking);
  }

  readonly #pushedBack = (): void => {
    this.#context.pipelining.refusedAfterDot = true;
  };

  #applyResult({ leaves, closing, failure, refusesChunks }: Transacted): void {
    // defence: bdat-is-refused-once
    if (refusesChunks) this.#context.pipelining.chunking = false;
    // defence: refused-transaction-is-reset
    this.#resetFirst = leaves === "transaction";
    if (leaves !== "dead-connection") return;
    const cause = failure ?? new NetworkError("MAIL_NETWORK_LOST", "idle", `${this.#context.peer} ended the session.`);
    // If replies are out of step, or a chunk was refused, the next reply could mean anything. After 421 it still counts.
    const isOutOfStep = failure instanceof ProtocolError || (failure === undefined && !closing);
    if (isOutOfStep) this.#channel.fail(cause);
    else this.#channel.retire(cause);
  }
}

function isClean({ leaves, recipients }: Transacted): boolean {
  return leaves === "nothing" && recipients.every(({ outcome }) => outcome === "accepted");
}
