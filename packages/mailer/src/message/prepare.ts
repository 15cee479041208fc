/** Turns the caller's message into what a transaction sends, or refuses it before connecting. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { compose } from "./compose.ts";
import { Composed } from "./composed.ts";
import type { PreparedMessage } from "./envelope.ts";
import { HandedOver } from "./handed-over.ts";
import type { ComposedMessage, Message, ReadyMessage } from "./input.ts";
import { readyMessage } from "./ready-message.ts";

/**
 * Judges and composes one message. Returns a promise only if files have to be checked. If the content is replayable, the
 * result can be sent any number of times, with the same Message-ID and octets each time. Throws `InputError`, whose
 * `field` names the option. `handed` collects the streams to end when the message's fate is known.
 */
export function prepareMessage(
  message: Message,
  handed: HandedOver = new HandedOver(message),
): PreparedMessage | Promise<PreparedMessage> {
  if (typeof message !== "object" || message === null) {
    throw new InputError("MAIL_INPUT_MESSAGE", "message", `is ${kindOf(message)}, not an object.`);
  }
  if (Composed.is(message)) return Composed.read(message).prepared;
  return isReady(message) ? readyMessage(message, handed) : compose(message, handed);
}

/** The streams that come with a message: for one that was composed before, those that it was made of. Never throws. */
export function handedOver(message: Message): HandedOver {
  return Composed.is(message) ? Composed.read(message).handed : new HandedOver(message);
}

function isReady(message: ComposedMessage | ReadyMessage): message is ReadyMessage {
  return Object.hasOwn(message, "message");
}
