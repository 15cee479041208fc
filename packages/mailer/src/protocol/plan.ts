/** Plans how a transaction is written, from the message and from what the server offered inside TLS. */
import type { Content } from "../message/content.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Body, Command } from "./command.ts";
import { mailParameters, recipientParameters } from "./mail-parameters.ts";

/** The most octets of a message that goes out in one piece. */
const MOST_WHOLE = 192 * 1024;

export interface Plan {
  /** RSET if it is due, MAIL, RCPT…, and what goes with them ahead of the replies. */
  readonly envelope: readonly (Command | Body)[];
  readonly pipelined: boolean;
  readonly body: Body;
  /** What goes in the envelope's write: the body itself, DATA, or neither. */
  readonly ahead: "body" | "data" | "nothing";
}

export interface Planned {
  readonly message: PreparedMessage;
  readonly offered: Capabilities;
  readonly peer: string;
  readonly resetFirst: boolean;
  readonly chunking?: boolean;
}

/** Throws `CapabilityError` if the server cannot take the message. */
export function planOf({ message, offered, peer, resetFirst, chunking = true }: Planned): Plan {
  const { content, envelope } = message;
  const parameters = mailParameters(message, offered, peer);
  const framing = framingOf(message, offered, chunking);
  const body: Body = { verb: "BODY", framing, content, eightBit: offered.has("8BITMIME") };
  const pipelined = offered.has("PIPELINING");
  // A server that refuses a chunk for its size may read the rest as commands. One that announced a SIZE takes this chunk.
  const whole = goesWhole(content) && offered.size !== undefined;
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

/** Whether a message goes out in one piece, since it is small and in memory: in the envelope's write, if it may go ahead of the replies. */
export function goesWhole({ put, size = Infinity }: Content): boolean {
  return put !== undefined && size <= MOST_WHOLE;
}

/**
 * BDAT has to say the size first, so a message whose size only reading shows goes by DATA. A server that refuses a chunk may
 * read it as commands, so a message that may hold one goes by DATA too, and only after 354.
 */
export function framingOf({ content }: PreparedMessage, offered: Capabilities, chunking: boolean): Body["framing"] {
  // defence: chunk-without-commands
  return chunking && offered.has("CHUNKING") && content.size !== undefined && content.commandFree ? "bdat" : "dot";
}
