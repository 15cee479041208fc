/** Turns the caller's message into what a transaction sends, or refuses it before connecting. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { composeMessage } from "./compose.ts";
import type { PreparedMessage } from "./envelope.ts";
import { HandedOver } from "./handed-over.ts";
import type { Message, ReadyMessage } from "./input.ts";
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
  return isReady(message) ? readyMessage(message, handed) : composeMessage(message, handed);
}

function isReady(message: Message): message is ReadyMessage {
  return Object.hasOwn(message, "message");
}
