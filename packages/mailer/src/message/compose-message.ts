/** Composes a message without sending it: for a caller who stores it, or sends it later. */
import { Composed } from "./composed.ts";
import type { Message } from "./input.ts";
import { handedOver, prepareMessage } from "./prepare.ts";

/**
 * Judges and composes a message, as `send` would, and connects to nothing. Give the result to `send`, any number of times: the
 * Message-ID, the date and the octets stay the same. Or store `octets()`, and send them later as a `ReadyMessage`. Rejects with
 * `InputError`. A stream in the message is ended when `octets()` has been read or a send has settled.
 */
export async function composeMessage(message: Message): Promise<Composed> {
  const handed = handedOver(message);
  // If the message is refused nobody will read its streams.
  const prepared = await handed.unless(async () => prepareMessage(message, handed));
  return new Composed(prepared, handed);
}
