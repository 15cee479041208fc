/**
 * What is known of each recipient while a transaction runs. The first refusal decides: MAIL, then RCPT, then the final
 * reply. The 503, 551 and 554 that follow a refusal decide nothing.
 *
 * Success is 250 alone (251 too for RCPT), as RFC 5321 section 4.3.2 lists it, and not any 2yz: with several replies on
 * their way a 235 or a 221 in their place means that they are out of step, and then no reply says what it seems to say.
 */
import type { Outcome, RecipientOutcome } from "../outcome/receipt.ts";
import { enhancedStatusOf, factsOf, type Reply, severityOf } from "../wire/reply.ts";
import type { Body, Command } from "./command.ts";
import { type Interruption, unexpected } from "./dialogue.ts";

export class Ledger {
  readonly #addresses: readonly string[];
  readonly #peer: string;
  readonly #decided = new Map<string, RecipientOutcome>();
  /** Recipients that RCPT accepted and nothing has decided since. */
  accepted = 0;
  mailRefused = false;
  /** The last that the server said was 421: it closes, and processes nothing that lay behind (RFC 5321 section 3.8). */
  closing = false;
  /** The last octet of the message was handed to the socket. */
  handedOver = false;
  /** There where the envelope is written behind a final dot that has no answer yet. */
  #pushedBack: (() => void) | undefined;

  constructor(addresses: readonly string[], peer: string, pushedBack?: () => void) {
    this.#addresses = addresses;
    this.#peer = peer;
    this.#pushedBack = pushedBack;
  }

  /** Some servers answer 503 to whatever lies behind a final dot: that proves all of the envelope untaken. Throws `ProtocolError` where they took a part of it. */
  isPushedBack(replies: readonly Reply[]): boolean {
    const tell = this.#pushedBack;
    this.#pushedBack = undefined;
    if (tell === undefined || replies[0]?.code !== 503) return false;
    const taken = replies.find(({ code }) => code !== 503);
    if (taken !== undefined) throw unexpected(this.#peer, "a part of an envelope behind a final dot", taken);
    tell();
    return true;
  }

  /** One reply of the envelope. Throws `ProtocolError` where it cannot be one to that command. */
  hear(action: Command | Body, reply: Reply): void {
    this.closing = reply.code === 421;
    switch (action.verb) {
      case "RSET":
        if (reply.code === 250) return;
        if (reply.code !== 421) throw unexpected(this.#peer, "RSET", reply);
        return this.#refuseMail(reply);
      case "MAIL":
        return reply.code === 250 && !this.mailRefused ? undefined : this.#refuseMail(reply);
      case "RCPT":
        return this.#recipient(action.forwardPath, reply);
      default:
    }
  }

  /** The reply to DATA, or to the message: it decides for everyone who is not decided yet. */
  rest(reply: Reply): void {
    this.closing = reply.code === 421;
    this.#settle(reply.code === 250 ? "accepted" : refusal(reply), reply);
  }

  /** No reply will come for those who are not decided. What was handed over is in doubt, unless the server closed before it. */
  lost({ closing }: Interruption): void {
    this.#settle(this.handedOver && !closing ? "unknown" : "unsent");
  }

  /** The replies fell out of step with the commands. If the message was handed over, no earlier reply can be trusted. */
  outOfStep(): void {
    if (this.handedOver) this.#decided.clear();
    this.#settle(this.handedOver ? "unknown" : "unsent");
  }

  /** Every recipient's outcome, in the order of the envelope. */
  outcomes(): readonly RecipientOutcome[] {
    return this.#addresses.map((address) => this.#decided.get(address) ?? { address, outcome: "unsent" });
  }

  #refuseMail(reply: Reply): void {
    if (reply.code < 400) throw unexpected(this.#peer, "MAIL", reply);
    this.mailRefused = true;
    this.#settle(refusal(reply), reply);
  }

  #recipient(address: string, reply: Reply): void {
    const success = reply.code === 250 || reply.code === 251;
    if ((reply.code < 400 && !success) || (success && this.mailRefused)) {
      throw unexpected(this.#peer, this.mailRefused ? "RCPT after it had refused MAIL" : "RCPT", reply);
    }
    if (success) this.accepted += 1;
    else if (!this.mailRefused) this.#decide(address, this.#isTooMany(reply) ? "deferred" : refusal(reply), reply);
  }

  #settle(outcome: Outcome, reply?: Reply): void {
    for (const address of this.#addresses) if (!this.#decided.has(address)) this.#decide(address, outcome, reply);
    this.accepted = 0;
  }

  #decide(address: string, outcome: Outcome, reply: Reply | undefined): void {
    this.#decided.set(
      address,
      reply === undefined ? { address, outcome } : { address, outcome, reply: factsOf(reply) },
    );
  }

  /** RFC 5321 section 4.5.3.1.10: 552 to RCPT may mean "too many recipients", which is for now, unless it says that a mailbox is full. */
  #isTooMany(reply: Reply): boolean {
    return reply.code === 552 && this.accepted > 0 && [undefined, "5.5.3"].includes(enhancedStatusOf(reply));
  }
}

function refusal(reply: Reply): Outcome {
  return severityOf(reply) === "transient" ? "deferred" : "refused";
}
