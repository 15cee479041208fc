/**
 * One mail transaction (RFC 5321 section 3.3): MAIL, RCPT for each recipient, then the message by BDAT (RFC 3030) or DATA.
 *
 * With PIPELINING the envelope is one write (RFC 2920), with CHUNKING and a small message everything is. A message goes
 * ahead of its envelope's replies only up to 64 KiB and only within a SIZE that the server announced: a server that
 * refuses a large BDAT may take the rest of it for commands.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { RecipientOutcome } from "../outcome/receipt.ts";
import type { Reply } from "../wire/reply.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Body, Command } from "./command.ts";
import { ask, type Dialogue, Interruption, type Step, unexpected } from "./dialogue.ts";
import { Ledger } from "./ledger.ts";
import { mailParameters, recipientParameters } from "./mail-parameters.ts";

const MOST_AHEAD = 64 * 1024;

export interface Transaction {
  readonly message: PreparedMessage;
  /** Learnt inside TLS. */
  readonly offered: Capabilities;
  /** The server, as errors name it. */
  readonly peer: string;
  /** Whether the server may still hold a transaction that was refused: then RSET goes first, in the same write. */
  readonly resetFirst: boolean;
}

export interface Transacted {
  readonly recipients: readonly RecipientOutcome[];
  /** What ended the connection, or the source of the body, in the middle. */
  readonly failure?: unknown;
  /** What it leaves behind: nothing; a transaction that RSET must clear; or a connection that is of no more use. */
  readonly leaves: "nothing" | "transaction" | "dead-connection";
}

/** Throws `CapabilityError` before the first command. All else is a result. */
export function* transact(transaction: Transaction): Dialogue<Transacted> {
  const plan = planOf(transaction);
  const ledger = new Ledger(transaction.message.envelope.forwardPaths, transaction.peer);
  try {
    const leaves = yield* exchange(transaction, plan, ledger);
    return { recipients: ledger.outcomes(), leaves: ledger.closing ? "dead-connection" : leaves };
  } catch (error) {
    if (error instanceof Interruption) ledger.lost();
    else if (error instanceof ProtocolError) ledger.outOfStep();
    else throw error;
    const failure = error instanceof Interruption ? error.cause : error;
    return { recipients: ledger.outcomes(), failure, leaves: "dead-connection" };
  }
}

interface Plan {
  /** RSET where it is due, MAIL, RCPT…, and what goes ahead with them. */
  readonly envelope: readonly (Command | Body)[];
  readonly pipelined: boolean;
  readonly body: Body;
  /** How the body comes: in the envelope's own write, after it, or after DATA in the same write. */
  readonly ahead: "body" | "data" | "nothing";
}

function planOf({ message, offered, peer, resetFirst }: Transaction): Plan {
  const { content, envelope } = message;
  const parameters = mailParameters(message, offered, peer);
  const eightBit = offered.has("8BITMIME");
  // BDAT has to say its size first; where only reading tells it, DATA needs no size.
  const framing = offered.has("CHUNKING") && content.size !== undefined ? "bdat" : "dot";
  const body: Body = { verb: "BODY", framing, content, eightBit };
  const pipelined = offered.has("PIPELINING");
  const small = content.bytes !== undefined && content.bytes.length <= MOST_AHEAD && offered.has("SIZE");
  const lines: (Command | Body)[] = [
    ...(resetFirst ? [{ verb: "RSET" } as const] : []),
    { verb: "MAIL", reversePath: envelope.reversePath, parameters },
    ...envelope.forwardPaths.map((forwardPath): Command => {
      return { verb: "RCPT", forwardPath, parameters: recipientParameters(forwardPath, message.dsn) };
    }),
  ];
  if (!pipelined) return { envelope: lines, pipelined, body, ahead: "nothing" };
  if (framing === "dot") return { envelope: [...lines, { verb: "DATA" }], pipelined, body, ahead: "data" };
  return small
    ? { envelope: [...lines, body], pipelined, body, ahead: "body" }
    : { envelope: lines, pipelined, body, ahead: "nothing" };
}

function* exchange({ peer }: Transaction, plan: Plan, ledger: Ledger): Dialogue<Transacted["leaves"]> {
  const { body, envelope } = plan;
  let last: Reply | undefined;
  for (const step of plan.pipelined ? [envelope] : envelope.map((action) => [action])) {
    last = yield* hear(step, ledger);
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

/** Sends one step of the envelope and judges each reply, also those that came before the connection ended. Returns the last. */
function* hear(step: Step, ledger: Ledger): Dialogue<Reply | undefined> {
  const judge = (replies: readonly Reply[]): void => {
    for (const [index, reply] of replies.entries()) ledger.hear(present(step[index]), reply);
  };
  try {
    const replies = yield step;
    ledger.handedOver = step.some((action) => action.verb === "BODY");
    judge(replies);
    return replies.at(-1);
  } catch (error) {
    if (error instanceof Interruption) {
      ledger.handedOver = error.handedOver;
      judge(error.replies);
    }
    throw error;
  }
}

/** The message and its final reply. A reply that comes before the last octet was handed over ends the connection, and still counts if it refuses. */
function* say(body: Body, ledger: Ledger): Dialogue<Reply> {
  try {
    const reply = yield* ask(body);
    ledger.handedOver = body.content !== undefined;
    return reply;
  } catch (error) {
    if (error instanceof Interruption) {
      ledger.handedOver = body.content !== undefined && error.handedOver;
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
