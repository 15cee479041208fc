/**
 * One mail transaction (RFC 5321 section 3.3): MAIL, RCPT for each recipient, then the message by BDAT (RFC 3030) or DATA.
 *
 * With PIPELINING the envelope is one write (RFC 2920), with CHUNKING and a message of at most 192 KiB everything is. A message
 * goes ahead of its envelope's replies only within a SIZE that the server announced in numbers: one that refuses a chunk
 * for its size may take the rest of it for commands.
 *
 * What is written before the transaction in front of it has all its replies begins with RSET, in the same write: on some
 * servers a refused transaction stays open, and this one would go out under its sender.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { RecipientOutcome } from "../outcome/receipt.ts";
import type { Reply } from "../wire/reply.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Body } from "./command.ts";
import { ask, type Dialogue, Interruption, unexpected } from "./dialogue.ts";
import { Ledger } from "./ledger.ts";
import { type Plan, planOf } from "./plan.ts";

export interface Transaction {
  readonly message: PreparedMessage;
  /** Learnt inside TLS. */
  readonly offered: Capabilities;
  /** The server, as errors name it. */
  readonly peer: string;
  /** Whether the server may still hold a transaction, refused or not answered yet: then RSET goes first, in the same write. */
  readonly resetFirst: boolean;
  /** Given where it is written behind a final dot that has no answer yet: called when the server takes nothing there. */
  readonly pushedBack?: (() => void) | undefined;
  /** Whether another transaction of the same message follows. */
  readonly more?: boolean;
}

export interface Transacted {
  readonly recipients: readonly RecipientOutcome[];
  /** What ended the connection, or the source of the body, in the middle. */
  readonly failure?: unknown;
  /** What it leaves behind: nothing; a transaction that RSET must clear; or a connection that is of no more use. */
  readonly leaves: "nothing" | "transaction" | "dead-connection";
  /** The server said 421: what became of those behind shows when it closes. */
  readonly closing: boolean;
}

/** Throws `CapabilityError` before the first command. All else is a result. */
export function* transact(transaction: Transaction): Dialogue<Transacted> {
  const plan = planOf(transaction);
  const ledger = new Ledger(transaction.message.envelope.forwardPaths, transaction.peer, transaction.pushedBack);
  try {
    const leaves = yield* exchange(transaction, plan, ledger);
    return resultOf(ledger, ledger.closing ? "dead-connection" : leaves, undefined);
  } catch (error) {
    if (error instanceof Interruption) ledger.lost(error);
    else if (error instanceof ProtocolError) ledger.outOfStep();
    else throw error;
    return resultOf(ledger, "dead-connection", error instanceof Interruption ? error.cause : error);
  }
}

function resultOf(ledger: Ledger, leaves: Transacted["leaves"], failure: unknown): Transacted {
  return { recipients: ledger.outcomes(), failure, leaves, closing: ledger.closing };
}

function* exchange({ peer }: Transaction, plan: Plan, ledger: Ledger): Dialogue<Transacted["leaves"]> {
  const { body, envelope } = plan;
  let last: Reply | undefined;
  for (const step of plan.pipelined ? [envelope] : envelope.map((action) => [action])) {
    try {
      let replies = yield step;
      // Nothing of it was taken, and nothing is in front of it any more.
      if (ledger.isPushedBack(replies)) replies = yield step;
      ledger.handedOver = step.at(-1)?.verb === "BODY";
      last = ledger.hear(step, replies);
    } catch (error) {
      if (error instanceof Interruption) {
        ledger.handedOver = step.at(-1)?.verb === "BODY" && error.ending.written === "all";
        ledger.hear(step, error.replies);
      }
      throw error;
    }
    if (ledger.mailRefused && !plan.pipelined) return "nothing";
  }
  if (plan.ahead === "body") return finish(body, present(last), ledger, peer);
  if (plan.ahead === "nothing") {
    // Whoever says 421 and goes on all the same is not shown the message: what became of it could not be told.
    if (ledger.closing) return "dead-connection";
    if (ledger.accepted === 0) return ledger.mailRefused ? "nothing" : "transaction";
    if (body.framing === "dot") last = yield* ask({ verb: "DATA" });
  }
  if (body.framing === "bdat") return finish(body, yield* say(body, ledger), ledger, peer);
  const reply = present(last);
  ledger.closing = reply.code === 421;
  if (reply.code !== 354) return dataRefused(reply, ledger, peer);
  // Nobody was accepted: the message is not shown to a server that refused everybody.
  const shown: Body = ledger.accepted === 0 ? { ...body, content: undefined } : body;
  return finish(shown, yield* say(shown, ledger), ledger, peer);
}

/** The message and its final reply. A reply that comes before the last octet was handed over ends the connection, and still counts if it refuses. */
function* say(body: Body, ledger: Ledger): Dialogue<Reply> {
  try {
    const reply = yield* ask(body);
    ledger.handedOver = body.content !== undefined;
    return reply;
  } catch (error) {
    if (error instanceof Interruption) {
      ledger.handedOver = body.content !== undefined && error.ending.written === "all";
      const [early] = error.replies;
      if (early !== undefined && early.code >= 400) ledger.rest(early);
    }
    throw error;
  }
}

function dataRefused(reply: Reply, ledger: Ledger, peer: string): Transacted["leaves"] {
  if (reply.code < 400) throw unexpected(peer, "DATA", reply);
  ledger.rest(reply);
  return "transaction";
}

function finish(body: Body, reply: Reply, ledger: Ledger, peer: string): Transacted["leaves"] {
  const success = reply.code === 250;
  if (reply.code < 400 && !success) throw unexpected(peer, "the message", reply);
  if (success && ledger.mailRefused) throw unexpected(peer, "a message whose sender it had refused", reply);
  // With nobody accepted before it, nobody is accepted by it, whatever comes back.
  if (ledger.accepted > 0) ledger.rest(reply);
  // A BDAT refused for its size leaves some servers reading the rest of it as commands.
  if (body.framing === "bdat" && reply.code === 552) return "dead-connection";
  return success ? "nothing" : "transaction";
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("a dialogue was resumed without a reply");
  return value;
}
