/**
 * One transaction as a machine: the next step, and what is known of each recipient. Events go in (`hear`, `ended`,
 * `outOfStep`); `next` and `result` change nothing.
 *
 * | state         | replies that are due                              | after the last of them                                   |
 * | ------------- | ------------------------------------------------- | -------------------------------------------------------- |
 * | `envelope`    | to RSET, MAIL, RCPT, and what is written with them | `data` or `message`; `over` if nobody was accepted       |
 * | `pushed-back` | 503 to each of them, written after a final dot    | `envelope`, once more                                    |
 * | `data`        | to DATA                                           | 354: `message`; a refusal: `over`                        |
 * | `message`     | the final reply                                   | `over`                                                   |
 * | `over`        | none                                              |                                                          |
 *
 * The first refusal decides: MAIL, then RCPT, then the final reply. The 503, 551 and 554 that follow a refusal decide
 * nothing. Success is only 250 (251 too for RCPT), as RFC 5321 section 4.3.2 lists it, and not any 2yz: if several replies
 * are due, a 235 or a 221 among them means that they are out of step, and then no reply says what it seems to say.
 */
import { NetworkError } from "../errors/network-error.ts";
import type { Outcome, RecipientOutcome, ReplyFacts } from "../outcome/receipt.ts";
import { factsOf, isUnknownCommand, type Reply, severityOf } from "../wire/reply.ts";
import type { Awaited } from "./command.ts";
import { type Ending, type Step, unexpected } from "./dialogue.ts";
import type { Plan } from "./plan.ts";

/** What became of a transaction. */
export interface Transacted {
  readonly recipients: readonly RecipientOutcome[];
  /** What ended the connection, or the source of the body, in the middle. */
  readonly failure?: unknown;
  /** What it leaves: nothing; a transaction that RSET must clear; or a connection that is of no more use. */
  readonly leaves: Leaves;
  /** The server said 421: what became of the messages after this one shows when it closes. */
  readonly closing: boolean;
  /** The server does not have the BDAT that it offers. */
  readonly refusesChunks: boolean;
}

type Leaves = "nothing" | "transaction" | "dead-connection";
type State = "envelope" | "pushed-back" | "data" | "message" | "over";

export class Ledger {
  readonly #plan: Plan;
  readonly #addresses: readonly string[];
  readonly #peer: string;
  readonly #onPushedBack: (() => void) | undefined;
  #state: State = "envelope";
  /** How many replies to the envelope have come. */
  #heard = 0;
  /** Whether a server may refuse the envelope for coming after a final dot. False from its first reply on. */
  #isAfterDot: boolean;
  #mailRefused = false;
  /** The recipient whose RCPT is answered next. */
  #recipient = 0;
  /** How many recipients RCPT accepted that nothing has decided since. */
  #accepted = 0;
  /** In the order of the envelope. */
  readonly #decided: (RecipientOutcome | undefined)[];
  /** The last reply was 421: the server closes (RFC 5321 section 3.8). */
  #closing = false;
  #refusesChunks = false;
  /** A 421 to RSET, if the message went along with it. */
  #resetRefusal: Reply | undefined;
  #leaves: Leaves = "nothing";
  #failure: unknown;

  /** `onPushedBack`: given if the envelope is pipelined after a final dot that is still unanswered; called if the server takes nothing there. */
  constructor(plan: Plan, addresses: readonly string[], peer: string, onPushedBack?: () => void) {
    this.#plan = plan;
    this.#addresses = addresses;
    this.#peer = peer;
    this.#onPushedBack = onPushedBack;
    this.#isAfterDot = onPushedBack !== undefined;
    this.#decided = addresses.map(() => undefined);
  }

  /** The next step; `undefined` once it is over. */
  get next(): Step | undefined {
    const { envelope, pipelined, body } = this.#plan;
    switch (this.#state) {
      case "envelope":
      case "pushed-back":
        return pipelined ? envelope : envelope.slice(this.#heard, this.#heard + 1);
      case "data":
        return [{ verb: "DATA" }];
      case "message":
        // A server that refused all recipients gets only the final dot, and never sees the message.
        return [this.#accepted === 0 ? { ...body, content: undefined } : body];
      default:
        return undefined;
    }
  }

  get result(): Transacted {
    const recipients = this.#addresses.map(
      (address, index): RecipientOutcome => this.#decided[index] ?? { address, outcome: "unsent" },
    );
    const leaves = this.#closing ? "dead-connection" : this.#leaves;
    return {
      recipients,
      failure: this.#failure,
      leaves,
      closing: this.#closing,
      refusesChunks: this.#refusesChunks,
    };
  }

  /** Takes the next reply, and the verb that it answers. Throws `ProtocolError` if it cannot be the answer: then call `outOfStep`. */
  hear(verb: Awaited, reply: Reply): void {
    // defence: 421-is-taken-back-by-going-on
    this.#closing = reply.code === 421;
    if (this.#state === "pushed-back" || (this.#isAfterDot && reply.code === 503)) return this.#pushBack(reply);
    this.#isAfterDot = false;
    switch (verb) {
      case "RSET":
        if (reply.code !== 250) this.#refuseReset(reply);
        break;
      case "MAIL":
        // defence: success-is-250
        if (reply.code !== 250 || this.#mailRefused) this.#refuseMail(reply);
        break;
      case "RCPT":
        this.#answerRecipient(reply);
        break;
      case "DATA":
        return this.#answerData(reply);
      case "BODY":
        return this.#answerMessage(reply);
      default:
    }
    this.#heard += 1;
    const isOver = this.#mailRefused && !this.#plan.pipelined;
    if (isOver || this.#heard === this.#plan.envelope.length) this.#endEnvelope();
  }

  /** The connection ended: no reply will come for the recipients that are not decided. */
  ended(ending: Ending, cause: unknown): void {
    // defence: no-answer-is-unknown
    const isUnknown = this.#isExposed(ending.written) && !provesUnprocessed(ending);
    if (!isUnknown && this.#resetRefusal !== undefined) this.#settle("deferred", factsOf(this.#resetRefusal, "mail"));
    else this.#settle(isUnknown ? "unknown" : "unsent");
    this.#finish("dead-connection");
    this.#failure ??= cause;
  }

  /** The replies do not answer what they seem to. If the message was handed over, earlier ones cannot be trusted either. */
  outOfStep(written: Ending["written"], cause: unknown): void {
    const isExposed = this.#isExposed(written);
    if (isExposed) this.#decided.fill(undefined);
    this.#settle(isExposed ? "unknown" : "unsent");
    this.#finish("dead-connection");
    this.#failure ??= cause;
  }

  /** Whether the server may have the whole message, from the step that is not answered. */
  #isExposed(written: Ending["written"]): boolean {
    const last = this.next?.at(-1);
    return written === "all" && last?.verb === "BODY" && last.content !== undefined;
  }

  /** Some servers answer 503 to everything after a final dot. If all of the envelope gets it, none of it was taken. */
  #pushBack(reply: Reply): void {
    this.#isAfterDot = false;
    this.#state = "pushed-back";
    // defence: 503-to-the-whole-envelope
    if (reply.code !== 503) throw unexpected(this.#peer, "a part of an envelope after a final dot", reply);
    this.#heard += 1;
    if (this.#heard < this.#plan.envelope.length) return;
    this.#state = "envelope";
    this.#heard = 0;
    this.#onPushedBack?.();
  }

  /** If the message went along with RSET, 421 alone decides nothing: the server may go on and take it. */
  #refuseReset(reply: Reply): void {
    if (reply.code !== 421) throw unexpected(this.#peer, "RSET", reply);
    // defence: 421-to-rset-decides-nothing-alone
    if (this.#isExposed("all")) this.#resetRefusal = reply;
    else this.#refuseMail(reply);
  }

  #refuseMail(reply: Reply): void {
    if (reply.code < 400) throw unexpected(this.#peer, "MAIL", reply);
    this.#mailRefused = true;
    const decisive = this.#resetRefusal ?? reply;
    this.#settle(refusal(decisive), factsOf(decisive, "mail"));
  }

  #answerRecipient(reply: Reply): void {
    const index = this.#recipient;
    this.#recipient += 1;
    const success = reply.code === 250 || reply.code === 251;
    if ((reply.code < 400 && !success) || (success && this.#mailRefused)) {
      throw unexpected(this.#peer, this.#mailRefused ? "RCPT after it had refused MAIL" : "RCPT", reply);
    }
    if (success) this.#accepted += 1;
    else if (!this.#mailRefused) {
      this.#decide(index, this.#isTooMany(reply) ? "deferred" : refusal(reply), factsOf(reply, "recipient"));
    }
  }

  #endEnvelope(): void {
    const { ahead, body } = this.#plan;
    if (this.#mailRefused && !this.#plan.pipelined) return this.#finish("nothing");
    // A server may say 421 and go on all the same. It does not get the message, whose outcome would be uncertain.
    if (this.#closing) return this.#finish("dead-connection");
    if (this.#accepted === 0) return this.#finish(this.#mailRefused ? "nothing" : "transaction");
    if (ahead === "nothing") this.#state = body.framing === "dot" ? "data" : "message";
  }

  #answerData(reply: Reply): void {
    if (reply.code === 354) {
      this.#state = "message";
      return;
    }
    if (reply.code < 400) throw unexpected(this.#peer, "DATA", reply);
    this.#settle(refusal(reply), factsOf(reply, "data"));
    this.#finish("transaction");
  }

  #answerMessage(reply: Reply): void {
    const success = reply.code === 250;
    const isBdat = this.#plan.body.framing === "bdat";
    if (isBdat && isUnknownCommand(reply)) return this.#refuseChunks(reply);
    if (reply.code < 400 && !success) throw unexpected(this.#peer, "the message", reply);
    // defence: no-status-about-an-address
    if (success && isBdat && isAboutAnAddress(reply)) throw unexpected(this.#peer, "the message", reply);
    if (success && this.#mailRefused) throw unexpected(this.#peer, "a message whose sender it had refused", reply);
    // If RCPT accepted nobody, the reply to the message accepts nobody either.
    // defence: nobody-accepted-before-nobody-after
    if (this.#accepted > 0) this.#settle(success ? "accepted" : refusal(reply), factsOf(reply, "message"));
    // Some servers that refuse a BDAT for its size read the rest of it as commands.
    if (isBdat && reply.code === 552) return this.#finish("dead-connection");
    this.#finish(success ? "nothing" : "transaction");
  }

  /** The server offered CHUNKING, and does not have it. It may read the message as commands, but no line of it is one, so nothing was taken. */
  #refuseChunks(reply: Reply): void {
    this.#settle("unsent");
    this.#refusesChunks = true;
    this.#failure = new NetworkError(
      "MAIL_NETWORK_LOST",
      "final-reply",
      `${this.#peer} offers CHUNKING, but answers BDAT with ${reply.code}, as if it did not know the command. The connection was closed, and nothing was taken. Messages to it go by DATA from now on; set chunking: false to do so from the start.`,
    );
    this.#finish("dead-connection");
  }

  #finish(leaves: Leaves): void {
    this.#state = "over";
    this.#leaves = leaves;
  }

  #settle(outcome: Outcome, reply?: ReplyFacts): void {
    for (const [index, decided] of this.#decided.entries())
      // defence: first-decision-stands
      if (decided === undefined) this.#decide(index, outcome, reply);
    this.#accepted = 0;
  }

  #decide(index: number, outcome: Outcome, reply: ReplyFacts | undefined): void {
    const address = this.#addresses[index] ?? "";
    this.#decided[index] = reply === undefined ? { address, outcome } : { address, outcome, reply };
  }

  /** RFC 5321 section 4.5.3.1.10: 552 to RCPT may mean "too many recipients", which is temporary, unless it says that a mailbox is full. */
  #isTooMany(reply: Reply): boolean {
    return (
      reply.code === 552 && this.#accepted > 0 && [undefined, "5.5.3"].includes(factsOf(reply, "recipient").enhanced)
    );
  }
}

/**
 * Whether the server stopped processing before what it did not answer: it said 421 and closed (RFC 5321 section 3.8).
 * 421 counts only as the answer to RSET or MAIL, where servers' limits fire: some answer a single RCPT with 421 and go on.
 * And only if the peer then closed in order, with nothing in between: anybody on the path can end a connection in another
 * way, after the server has taken what we think it did not.
 */
function provesUnprocessed({ by, lastWord }: Ending): boolean {
  // defence: 421-proves-little
  return by === "end" && lastWord?.code === 421 && (lastWord.verb === "RSET" || lastWord.verb === "MAIL");
}

/** RFC 3463 section 3.2: status codes about an address. Most servers use them for MAIL and RCPT, and none for a message that it takes. */
function isAboutAnAddress(reply: Reply): boolean {
  return factsOf(reply, "message").enhanced?.startsWith("2.1.") === true;
}

function refusal(reply: Reply): Outcome {
  return severityOf(reply) === "transient" ? "deferred" : "refused";
}
