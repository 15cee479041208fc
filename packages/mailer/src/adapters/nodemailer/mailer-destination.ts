/** Sends each message at once. */
import { InputError } from "../../errors/input-error.ts";
import type { Mailer } from "../../mailer.ts";
import type { ReadyMessage } from "../../message/input.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import type { Delivery, Destination } from "./destination.ts";
import { type SentInfo, sentInfo } from "./sent-info.ts";

export class MailerDestination implements Destination<SentInfo> {
  readonly #mailer: Mailer;

  constructor(mailer: Mailer) {
    this.#mailer = mailer;
  }

  async deliver(message: ReadyMessage, { data, messageId, signal }: Delivery): Promise<SentInfo> {
    if (withoutPrototype(data).outbox !== undefined)
      throw new InputError(
        "MAIL_INPUT_MESSAGE",
        "outbox",
        "is set, and this transport sends at once. Make the transport with an outbox: sealed(outbox).",
      );
    return sentInfo(await this.#mailer.send(message, { signal }), messageId);
  }

  verify(): Promise<unknown> {
    return this.#mailer.verify();
  }

  close(): Promise<void> {
    return this.#mailer.close();
  }
}
