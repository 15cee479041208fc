/** How a transaction is written: from what the server offered inside TLS, and from what the message is. */
import type { PreparedMessage } from "../message/envelope.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Body, Command } from "./command.ts";
import { mailParameters, recipientParameters } from "./mail-parameters.ts";

/** A message that is in memory goes out in one piece up to so many octets: with its envelope, where it may go ahead of the replies. */
export const MOST_WHOLE: number = 192 * 1024;

export interface Plan {
  /** RSET where it is due, MAIL, RCPT…, and what goes ahead with them. */
  readonly envelope: readonly (Command | Body)[];
  readonly pipelined: boolean;
  readonly body: Body;
  /** How the body comes: in the envelope's own write, after it, or after DATA in the same write. */
  readonly ahead: "body" | "data" | "nothing";
}

export interface Planned {
  readonly message: PreparedMessage;
  readonly offered: Capabilities;
  readonly peer: string;
  readonly resetFirst: boolean;
  readonly chunking?: boolean;
}

/** Throws `CapabilityError` where the server cannot take the message. */
export function planOf({ message, offered, peer, resetFirst, chunking = true }: Planned): Plan {
  const { content, envelope } = message;
  const parameters = mailParameters(message, offered, peer);
  const framing = framingOf(message, offered, chunking);
  const body: Body = { verb: "BODY", framing, content, eightBit: offered.has("8BITMIME") };
  const pipelined = offered.has("PIPELINING");
  // A server that refuses a chunk for its size may take the rest of it for commands: this one has said that it takes it.
  const whole = content.put !== undefined && (content.size ?? Infinity) <= MOST_WHOLE && offered.size !== undefined;
  const lines: (Command | Body)[] = resetFirst ? [{ verb: "RSET" }] : [];
  lines.push({ verb: "MAIL", reversePath: envelope.reversePath, parameters });
  for (const forwardPath of envelope.forwardPaths) {
    lines.push({ verb: "RCPT", forwardPath, parameters: recipientParameters(forwardPath, message.dsn) });
  }
  const ahead = !pipelined ? "nothing" : framing === "dot" ? "data" : whole ? "body" : "nothing";
  if (ahead === "data") lines.push({ verb: "DATA" });
  if (ahead === "body") lines.push(body);
  return { envelope: lines, pipelined, body, ahead };
}

/**
 * BDAT has to say its size first; where only reading tells it, DATA needs no size. A server that refuses a chunk may read it
 * as commands: what may hold one goes by DATA, after 354 only.
 */
export function framingOf({ content }: PreparedMessage, offered: Capabilities, chunking: boolean): Body["framing"] {
  // defence: chunk-without-commands
  return chunking && offered.has("CHUNKING") && content.size !== undefined && content.commandFree ? "bdat" : "dot";
}
