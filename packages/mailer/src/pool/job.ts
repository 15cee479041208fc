/** One message of a caller, from the call to its result. */
import { NetworkError } from "../errors/network-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { addressedTo, hasTooMany, isOneTooMany } from "../protocol/split.ts";
import type { Carried } from "../session/carrier.ts";
import { type Answering, conclude, receiptFor, withReceipt } from "../session/conclusion.ts";
import type { CallOptions } from "../session/call-options.ts";

/** How often proved-unsent recipients are tried again, if nothing was decided in between. */
const MOST_REPEATS = 1;
/** The same if the connection ended before it had served any message: that says more about the server than about this message. */
const MOST_AWAY = 12;

/** What is known of the connection that the message went over. */
export interface Passage {
  /** It had carried other messages before. */
  readonly kept: boolean;
  /** A message on it had been answered. */
  readonly hasServed: boolean;
}

export class Job {
  readonly options: CallOptions;
  /** Its place in the queue. */
  place = 0;
  /** The lower, the earlier it goes. */
  order = 0;
  /** When it became the first that waits, by `performance.now()`. */
  since: number | undefined;
  /** The message to the recipients that are not decided. */
  #message: PreparedMessage;
  readonly #whole: PreparedMessage;
  readonly #resolve: (receipt: Receipt) => void;
  readonly #reject: (error: unknown) => void;
  #decided: readonly Decided[] = [];
  #repeats = 0;
  /** How many connections ended while they carried it, before they had served any message. */
  #away = 0;

  constructor(
    message: PreparedMessage,
    options: CallOptions,
    resolve: (receipt: Receipt) => void,
    reject: (error: unknown) => void,
  ) {
    this.#message = message;
    this.options = options;
    this.#whole = message;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get message(): PreparedMessage {
    return this.#message;
  }

  /**
   * The recipients to whom it still has to go after this result for a part of it; none if it ends here. A server may close an
   * idle session with 421 at any time: on a session that was kept, that says nothing about the message, which may go over a
   * fresh one.
   */
  leftAfter({ recipients, failure }: Carried, { kept, hasServed }: Passage): readonly string[] {
    const { forwardPaths } = this.#message.envelope;
    const isRepeat = failure !== undefined || recipients.some((one) => isOpen(one, kept));
    if (isRepeat && !this.#mayRepeat(failure, hasServed)) return NOBODY;
    const isSplit = failure === undefined && hasTooMany(this.#whole, recipients);
    // Nearly all messages go in one part, and once.
    if (!isRepeat && !isSplit && recipients.length === forwardPaths.length) return NOBODY;
    const goesAgain = (one: RecipientOutcome): boolean => isOpen(one, kept) || (isSplit && isOneTooMany(one));
    const closed = new Set(recipients.filter((one) => !goesAgain(one)).map(({ address }) => address));
    return forwardPaths.filter((address) => !closed.has(address));
  }

  /** Prepares it to go on to the recipients in `left`; the others are decided. */
  goOn({ recipients, failure }: Carried, { kept, hasServed }: Passage, left: readonly string[], seal: Seal): void {
    const open = new Set(left);
    const decided = recipients.filter(({ address }) => !open.has(address));
    const isRepeat = failure !== undefined || recipients.some((one) => isOpen(one, kept));
    if (decided.length > 0) [this.#repeats, this.#away] = [0, 0];
    if (isRepeat && hasServed) this.#repeats += 1;
    else if (isRepeat) this.#away += 1;
    this.#decided = [...this.#decided, ...under(seal, decided)];
    this.#message = addressedTo(this.#whole, left);
    this.since = undefined;
  }

  #mayRepeat(failure: unknown, hasServed: boolean): boolean {
    if (!this.#whole.content.replayable || this.options.attempts === 1) return false;
    if (hasServed ? this.#repeats >= MOST_REPEATS : this.#away >= MOST_AWAY) return false;
    return failure === undefined || (failure instanceof NetworkError && failure.code === "MAIL_NETWORK_LOST");
  }

  /** Ends it with this result. */
  settle({ recipients, failure }: Carried, seal: Seal, server: Answering): void {
    try {
      this.#resolve(conclude(this.#receipt(recipients, seal), failure, server));
    } catch (error) {
      this.#reject(error);
    }
  }

  /** Ends it with an error. It was not begun, or not begun again. */
  refuse(error: unknown): void {
    const unsent = this.#message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" }) as const);
    const receipt = this.#receipt(unsent, undefined);
    if (receipt.recipients.some(({ outcome }) => outcome === "accepted")) this.#resolve(receipt);
    else this.#reject(withReceipt(error, receipt));
  }

  /** The receipt has one seal if all connections that carried an accepted recipient proved the same; else each recipient has one. */
  #receipt(latest: readonly RecipientOutcome[], seal: Seal | undefined): Receipt {
    // Nearly all messages go in one part, and once.
    if (this.#decided.length === 0 && latest.length === this.#whole.envelope.forwardPaths.length)
      return receiptFor(this.#whole, latest, seal);
    const known = new Map([...this.#decided, ...under(seal, latest)].map((one) => [one.recipient.address, one]));
    const all = this.#whole.envelope.forwardPaths.map(
      (address): Decided => known.get(address) ?? { recipient: { address, outcome: "unsent" }, seal: undefined },
    );
    const seals = new Map(
      all
        .filter(({ recipient }) => recipient.outcome === "accepted")
        .map((one) => [JSON.stringify(one.seal), one.seal]),
    );
    const [only = seal] = seals.values();
    if (seals.size < 2)
      return receiptFor(
        this.#whole,
        all.map(({ recipient }) => recipient),
        only,
      );
    return receiptFor(this.#whole, all.map(withItsSeal), undefined);
  }
}

const NOBODY: readonly string[] = [];

function isOpen({ outcome, reply }: RecipientOutcome, kept: boolean): boolean {
  // defence: unknown-is-not-sent-again
  return outcome === "unsent" || (kept && outcome === "deferred" && reply?.code === 421);
}

/** A recipient whose outcome is known, and the seal of the connection that decided it. */
interface Decided {
  readonly recipient: RecipientOutcome;
  readonly seal: Seal | undefined;
}

function under(seal: Seal | undefined, recipients: readonly RecipientOutcome[]): readonly Decided[] {
  return recipients.map((recipient) => ({ recipient, seal }));
}

function withItsSeal({ recipient, seal }: Decided): RecipientOutcome {
  return seal === undefined || recipient.outcome !== "accepted" ? recipient : { ...recipient, seal };
}

/** Whether the server said 421: that it closes. */
export function isTurnedAway({ recipients }: Carried): boolean {
  return recipients.some(({ reply }) => reply?.code === 421);
}
