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
import { type Interruption, type Step, unexpected } from "./dialogue.ts";

export class Ledger {
  readonly #addresses: readonly string[];
  readonly #peer: string;
  /** By place in the envelope. */
  readonly #decided: (RecipientOutcome | undefined)[];
  /** The recipient whose RCPT is answered next. */
  #next = 0;
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
    this.#decided = addresses.map(() => undefined);
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

  /** The replies to a step of the envelope, as far as they came; the last of them. Throws `ProtocolError` where one cannot be one to its command. */
  hear(step: Step, replies: readonly Reply[]): Reply | undefined {
    for (const [index, reply] of replies.entries()) {
      const action = step[index];
      if (action !== undefined) this.#answer(action, reply);
    }
    return replies.at(-1);
  }

  #answer(action: Command | Body, reply: Reply): void {
    this.closing = reply.code === 421;
    switch (action.verb) {
      case "RSET":
        if (reply.code === 250) return;
        if (reply.code !== 421) throw unexpected(this.#peer, "RSET", reply);
        return this.#refuseMail(reply);
      case "MAIL":
        return reply.code === 250 && !this.mailRefused ? undefined : this.#refuseMail(reply);
      case "RCPT":
        return this.#recipient(reply);
      default:
    }
  }

  /** The reply to DATA, or to the message: it decides for everyone who is not decided yet. */
  rest(reply: Reply): void {
    this.closing = reply.code === 421;
    this.#settle(reply.code === 250 ? "accepted" : refusal(reply), reply);
  }

  /** No reply will come for those who are not decided. What was handed over is in doubt, unless the server closed before it. */
  lost({ ending }: Interruption): void {
    this.#settle(this.handedOver && ending.lastWord?.code !== 421 ? "unknown" : "unsent");
  }

  /** The replies fell out of step with the commands. If the message was handed over, no earlier reply can be trusted. */
  outOfStep(): void {
    if (this.handedOver) this.#decided.fill(undefined);
    this.#settle(this.handedOver ? "unknown" : "unsent");
  }

  /** Every recipient's outcome, in the order of the envelope. */
  outcomes(): readonly RecipientOutcome[] {
    return this.#addresses.map((address, index) => this.#decided[index] ?? { address, outcome: "unsent" });
  }

  #refuseMail(reply: Reply): void {
    if (reply.code < 400) throw unexpected(this.#peer, "MAIL", reply);
    this.mailRefused = true;
    this.#settle(refusal(reply), reply);
  }

  #recipient(reply: Reply): void {
    const index = this.#next;
    this.#next += 1;
    const success = reply.code === 250 || reply.code === 251;
    if ((reply.code < 400 && !success) || (success && this.mailRefused)) {
      throw unexpected(this.#peer, this.mailRefused ? "RCPT after it had refused MAIL" : "RCPT", reply);
    }
    if (success) this.accepted += 1;
    else if (!this.mailRefused) this.#decide(index, this.#isTooMany(reply) ? "deferred" : refusal(reply), reply);
  }

  #settle(outcome: Outcome, reply?: Reply): void {
    for (const [index, decided] of this.#decided.entries())
      if (decided === undefined) this.#decide(index, outcome, reply);
    this.accepted = 0;
  }

  #decide(index: number, outcome: Outcome, reply: Reply | undefined): void {
    const address = this.#addresses[index] ?? "";
    this.#decided[index] = reply === undefined ? { address, outcome } : { address, outcome, reply: factsOf(reply) };
  }

  /** RFC 5321 section 4.5.3.1.10: 552 to RCPT may mean "too many recipients", which is for now, unless it says that a mailbox is full. */
  #isTooMany(reply: Reply): boolean {
    return reply.code === 552 && this.accepted > 0 && [undefined, "5.5.3"].includes(enhancedStatusOf(reply));
  }
}

function refusal(reply: Reply): Outcome {
  return severityOf(reply) === "transient" ? "deferred" : "refused";
}
