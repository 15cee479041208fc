/**
 * A piece of protocol with no I/O in it: it yields commands and is resumed with their replies, one for each, in order.
 * A step of more than one is pipelined (RFC 2920). Where the connection ends first, the dialogue is resumed by a
 * thrown `Interruption`; most dialogues let it pass, a transaction reads from it how far it came.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Reply } from "../wire/reply.ts";
import type { Body, Command } from "./command.ts";

export type Step = readonly (Command | Body)[];
export type Dialogue<T> = Generator<Step, T, readonly Reply[]>;

export class Interruption extends Error {
  /** The replies of this step that did come, in order. */
  readonly replies: readonly Reply[];
  /** Whether the last octet of the step's body, the final dot included, was handed to the socket. */
  readonly handedOver: boolean;
  /** The last that the server said on the connection was 421, and then it closed: nothing that lay behind was processed. */
  readonly closing: boolean;

  constructor(cause: unknown, replies: readonly Reply[], handedOver: boolean, closing: boolean) {
    super("the connection ended inside a dialogue", { cause });
    this.replies = replies;
    this.handedOver = handedOver;
    this.closing = closing;
  }
}

/** One command and its reply. */
export function* ask(action: Command | Body): Dialogue<Reply> {
  const [reply] = yield [action];
  if (reply === undefined) throw new TypeError("a dialogue was resumed without a reply");
  return reply;
}

export function unexpected(peer: string, doing: string, reply: Reply): ProtocolError {
  return new ProtocolError(
    "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    `${peer} answered ${doing} in a way that SMTP does not know. Its replies may be out of step with our commands, so the connection was closed.`,
    `${reply.code} ${reply.lines.join(" ")}`,
  );
}
