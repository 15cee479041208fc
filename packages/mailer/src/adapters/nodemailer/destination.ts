/** Where a transport's messages go: to a mailer, which sends them at once, or to a queue, which keeps them. */
import type { ReadyMessage } from "../../message/input.ts";
import type { ComposedMail } from "./mail.ts";

export interface Destination<Info> {
  /** Rejects before it begins if something was asked for the message that it cannot honour. */
  deliver(message: ReadyMessage, mail: Delivery): Promise<Info>;
  verify(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Delivery {
  readonly data: ComposedMail["data"];
  /** With its angle brackets. */
  readonly messageId: string;
  readonly signal: AbortSignal;
}
