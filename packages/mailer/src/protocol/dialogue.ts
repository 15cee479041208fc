/**
 * A piece of protocol without I/O: it yields commands and is resumed with their replies, one for each, in order.
 * A step of several commands is pipelined (RFC 2920). If the connection ends first, the dialogue is resumed by a
 * thrown `Interruption`: most dialogues let it pass, a transaction reads from it how far it had come.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Reply } from "../wire/reply.ts";
import { type Action, type Awaited, encodeCommand } from "./command.ts";

export type Step<A extends Action = Action> = readonly A[];
/** `A`: the actions that it may yield. A dialogue that may yield more than a `ClearAction` cannot run on a clear channel. */
export type Dialogue<T, A extends Action = Action> = Generator<Step<A>, T, readonly Reply[]>;

/** The commands of a step as they go over the wire; a body is not among them. Throws `InputError` for one that may not be sent. */
export function linesOf(step: Step): string {
  let lines = "";
  for (const action of step) if (action.verb !== "BODY") lines += encodeCommand(action);
  return lines;
}

export class Interruption extends Error {
  /** The replies to this step that came before, in order. */
  readonly replies: readonly Reply[];
  readonly ending: Ending;

  constructor(cause: unknown, replies: readonly Reply[], ending: Ending) {
    super("the connection ended inside a dialogue", { cause });
    this.replies = replies;
    this.ending = ending;
  }
}

/** How a connection ended, for a step that does not have all its replies. Only the channel makes it. */
export interface Ending {
  /** How much of the step was handed to the connection: the server cannot have the rest. */
  readonly written: "nothing" | "part" | "all";
  /**
   * `end`: the peer closed in order, as far as Node shows: TLS's close_notify and a bare FIN look alike.
   * `error`: a reset, a record that does not decrypt, a malformed or unsolicited reply.
   * `us`: a deadline, an abort, a source that failed.
   */
  readonly by: "end" | "error" | "us";
  /** The last reply, and what it answered. `undefined` if there was none, or if octets came after it. */
  readonly lastWord: { readonly code: number; readonly verb: Awaited } | undefined;
}

/** One command and its reply. */
export function* ask<A extends Action>(action: A): Dialogue<Reply, A> {
  const [reply] = yield [action];
  if (reply === undefined) throw new TypeError("a dialogue was resumed without a reply");
  return reply;
}

export function unexpected(peer: string, doing: string, reply: Reply): ProtocolError {
  return new ProtocolError(
    "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    `${peer} answered ${doing} in a way that SMTP does not allow. Its replies may be out of step with our commands, so the connection was closed.`,
    `${reply.code} ${reply.lines.join(" ")}`,
  );
}
