/**
 * One mail transaction (RFC 5321 section 3.3): MAIL, RCPT for each recipient, then the message by BDAT (RFC 3030) or DATA.
 *
 * With PIPELINING the envelope is one write (RFC 2920); with CHUNKING as well, the envelope and a message of at most 192 KiB
 * are. A message goes ahead of its envelope's replies only if the server announced a SIZE in numbers, and the message is within
 * it: a server that refuses a chunk for its size may read the rest as commands.
 *
 * A transaction that is written before the previous one has all its replies begins with RSET, in the same write: on some
 * servers a refused transaction stays open, and this message would go out under the other's sender.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Reply } from "../wire/reply.ts";
import type { Capabilities } from "./capabilities.ts";
import { type Dialogue, type Ending, Interruption, type Step } from "./dialogue.ts";
import { Ledger, type Transacted } from "./ledger.ts";
import { planOf } from "./plan.ts";

export interface Transaction {
  readonly message: PreparedMessage;
  /** Learnt inside TLS. */
  readonly offered: Capabilities;
  /** The server, as errors name it. */
  readonly peer: string;
  /** Whether the server may still have an open transaction, refused or not answered yet: then RSET goes first, in the same write. */
  readonly resetFirst: boolean;
  /** Given if this envelope is pipelined after a final dot that is still unanswered; called if the server takes nothing there. */
  readonly pushedBack?: (() => void) | undefined;
  /** False: no BDAT for this server, whatever it offers. Default true. */
  readonly chunking?: boolean;
}

/** Throws `CapabilityError` before the first command. Everything else is a result. */
export function* transact(transaction: Transaction): Dialogue<Transacted> {
  const { message, peer, pushedBack } = transaction;
  const ledger = new Ledger(planOf(transaction), message.envelope.forwardPaths, peer, pushedBack);
  for (let step = ledger.next; step !== undefined; step = ledger.next) {
    try {
      const replies = yield step;
      if (replies.length < step.length) throw new TypeError("a dialogue was resumed without a reply");
      hear(ledger, step, replies, "all");
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      hear(ledger, step, error.replies, error.ending.written);
      ledger.ended(error.ending, error.cause);
    }
  }
  return ledger.result;
}

function hear(ledger: Ledger, step: Step, replies: readonly Reply[], written: Ending["written"]): void {
  try {
    let at = 0;
    for (const reply of replies) {
      const verb = step[at++]?.verb ?? "GREETING";
      // Success for a message that was not written whole means nothing; a refusal counts.
      if (verb !== "BODY" || written === "all" || reply.code >= 400) ledger.hear(verb, reply);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    ledger.outOfStep(written, error);
  }
}
