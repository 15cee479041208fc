/** One message of a caller, from the moment it was given to the moment its fate is told. */
import { NetworkError } from "../errors/network-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { addressedTo } from "../protocol/split.ts";
import type { Carried } from "../session/carrier.ts";
import { conclude, receiptFor, withReceipt } from "../session/conclusion.ts";
import type { SendOptions } from "../session/call-options.ts";

/** How often one message is begun: what is proved unsent goes once more. */
const MOST_ATTEMPTS = 2;

export class Job {
  /** The message for those of its recipients who are not decided. */
  message: PreparedMessage;
  readonly options: SendOptions;
  readonly #whole: PreparedMessage;
  readonly #resolve: (receipt: Receipt) => void;
  readonly #reject: (error: unknown) => void;
  #decided: readonly Decided[] = [];
  #attempts = 0;

  constructor(
    message: PreparedMessage,
    options: SendOptions,
    resolve: (receipt: Receipt) => void,
    reject: (error: unknown) => void,
  ) {
    this.message = message;
    this.options = options;
    this.#whole = message;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    this.#attempts += 1;
  }

  /**
   * Whether it is to go again, to those of its recipients for whom it is proved unsent. A server may close an idle session at
   * any time with 421; on a session that was `kept` that says nothing about the message, which a fresh one may carry.
   */
  goesAgain({ recipients, failure }: Carried, kept: boolean, seal: Seal): boolean {
    if (this.#attempts >= MOST_ATTEMPTS || !this.#whole.content.replayable) return false;
    if (failure !== undefined && !(failure instanceof NetworkError && failure.code === "MAIL_NETWORK_LOST"))
      return false;
    const isOpen = ({ outcome, reply }: RecipientOutcome): boolean =>
      outcome === "unsent" || (kept && outcome === "deferred" && reply?.code === 421);
    const open = recipients.filter(isOpen);
    if (open.length === 0) return false;
    this.#decided = under(
      seal,
      recipients.filter((recipient) => !isOpen(recipient)),
    );
    this.message = addressedTo(
      this.#whole,
      open.map(({ address }) => address),
    );
    return true;
  }

  tell({ recipients, failure }: Carried, seal: Seal, peer: string): void {
    try {
      this.#resolve(conclude(this.#receipt(recipients, seal), failure, peer));
    } catch (error) {
      this.#reject(error);
    }
  }

  /** It was not begun, or not again. */
  refuse(error: unknown): void {
    const unsent = this.message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" }) as const);
    const receipt = this.#receipt(unsent, undefined);
    if (receipt.recipients.some(({ outcome }) => outcome === "accepted")) this.#resolve(receipt);
    else this.#reject(withReceipt(error, receipt));
  }

  /** One seal for all who were accepted, if their connections proved the same; else each has its own. */
  #receipt(latest: readonly RecipientOutcome[], seal: Seal | undefined): Receipt {
    // Nearly all have gone once.
    if (this.#decided.length === 0) return receiptFor(this.#whole, latest, seal);
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

/** A recipient whose fate is known, and the seal of the connection that it is known from. */
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

/** Whether the server said that it closes. */
export function isTurnedAway({ recipients }: Carried): boolean {
  return recipients.some(({ reply }) => reply?.code === 421);
}
