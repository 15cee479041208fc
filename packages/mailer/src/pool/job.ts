/** One message of a caller, from the moment it was given to the moment its fate is told. */
import { NetworkError } from "../errors/network-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { addressedTo } from "../protocol/split.ts";
import type { Carried } from "../session/carrier.ts";
import { conclude, receiptFor, withReceipt } from "../session/conclusion.ts";
import type { SendOptions } from "../session/sealed-session.ts";

/** How often one message is begun: what is proved unsent goes once more. */
const MOST_ATTEMPTS = 2;

export class Job {
  /** The message for those of its recipients who are not decided. */
  message: PreparedMessage;
  readonly options: SendOptions;
  readonly #whole: PreparedMessage;
  readonly #resolve: (receipt: Receipt) => void;
  readonly #reject: (error: unknown) => void;
  #decided: readonly RecipientOutcome[] = [];
  /** Of the connection that some were accepted on. */
  #seal: Seal | undefined;
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
    this.#decided = recipients.filter((recipient) => !isOpen(recipient));
    if (this.#decided.some(({ outcome }) => outcome === "accepted")) this.#seal = seal;
    this.message = addressedTo(
      this.#whole,
      open.map(({ address }) => address),
    );
    return true;
  }

  tell({ recipients, failure }: Carried, seal: Seal, peer: string): void {
    try {
      this.#resolve(conclude(receiptFor(this.#whole, this.#merged(recipients), seal), failure, peer));
    } catch (error) {
      this.#reject(error);
    }
  }

  /** It was not begun, or not again. */
  refuse(error: unknown): void {
    const unsent = this.message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" }) as const);
    const receipt = receiptFor(this.#whole, this.#merged(unsent), this.#seal);
    if (receipt.recipients.some(({ outcome }) => outcome === "accepted")) this.#resolve(receipt);
    else this.#reject(withReceipt(error, receipt));
  }

  #merged(latest: readonly RecipientOutcome[]): readonly RecipientOutcome[] {
    if (this.#decided.length === 0) return latest;
    const known = new Map([...this.#decided, ...latest].map((recipient) => [recipient.address, recipient]));
    return this.#whole.envelope.forwardPaths.map((address) => known.get(address) ?? { address, outcome: "unsent" });
  }
}

/** Whether the server said that it closes. */
export function isTurnedAway({ recipients }: Carried): boolean {
  return recipients.some(({ reply }) => reply?.code === 421);
}
