/**
 * Upyo's `Transport` over a mailer: `const transport = sealed("submission://mail.example.com", { credentials })`.
 * Nothing here loads Upyo: the application does.
 */
import type { MailErrorCode } from "../errors/codes.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { type Disposition, MailError } from "../errors/mail-error.ts";
import { createMailer, type Mailer, type MailerOptions } from "../mailer.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { withoutPrototype } from "../policy/own-options.ts";
import type { ServerOptions } from "../policy/server.ts";
import { describeReply } from "../wire/reply.ts";
import { composed, type UpyoMessage } from "./upyo/message.ts";

export type { UpyoMessage };

/** Upyo's receipt, with what only Postseal knows. */
export type UpyoReceipt =
  | {
      readonly successful: true;
      readonly messageId: string;
      readonly recipients: readonly RecipientOutcome[];
      readonly seal?: Seal;
    }
  | {
      readonly successful: false;
      /** For people: what happened, and, if only some got the message, what became of each recipient. */
      readonly errorMessages: readonly string[];
      /** Absent if the message was accepted for some recipients. */
      readonly code?: MailErrorCode;
      readonly disposition?: Disposition;
      /** Empty if nothing was begun. */
      readonly recipients: readonly RecipientOutcome[];
      readonly seal?: Seal;
    };

export interface UpyoOptions {
  readonly signal?: AbortSignal;
}

export interface SealedTransport extends AsyncDisposable {
  /** Always resolves with a receipt, except that it rejects with the signal's reason if that ended the send. */
  send(message: UpyoMessage, options?: UpyoOptions): Promise<UpyoReceipt>;
  /** Yields one receipt for each message, in order. The next message is asked for once the one before has its receipt. */
  sendMany(
    messages: Iterable<UpyoMessage> | AsyncIterable<UpyoMessage>,
    options?: UpyoOptions,
  ): AsyncIterable<UpyoReceipt>;
  /** Finishes what is under way, then ends the session. */
  close(): Promise<void>;
}

/** Takes what `createMailer` takes. Throws `InputError` for an invalid server or option. */
export function sealed(server: string | URL | ServerOptions, options?: MailerOptions): SealedTransport {
  return new MailerTransport(createMailer(server, options));
}

class MailerTransport implements SealedTransport {
  readonly #mailer: Mailer;

  constructor(mailer: Mailer) {
    this.#mailer = mailer;
  }

  async send(message: UpyoMessage, options: UpyoOptions = {}): Promise<UpyoReceipt> {
    const { signal } = withoutPrototype(options);
    signal?.throwIfAborted();
    try {
      return receiptFor(await this.#mailer.send(await composed(message), { signal }));
    } catch (error) {
      if (error instanceof AbortedError && signal?.aborted === true) throw error;
      return failureFor(error);
    }
  }

  async *sendMany(
    messages: Iterable<UpyoMessage> | AsyncIterable<UpyoMessage>,
    options: UpyoOptions = {},
  ): AsyncGenerator<UpyoReceipt> {
    withoutPrototype(options).signal?.throwIfAborted();
    for await (const message of messages) yield await this.send(message, options);
  }

  async close(): Promise<void> {
    await this.#mailer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Upyo knows only success and failure: if one recipient did not get the message, it counts as a failure. */
function receiptFor({ messageId = "", recipients, seal }: Receipt): UpyoReceipt {
  const known = { recipients, ...(seal === undefined ? {} : { seal }) };
  // defence: sent-to-all-or-not-sent
  if (recipients.every(({ outcome }) => outcome === "accepted")) return { successful: true, messageId, ...known };
  return {
    successful: false,
    errorMessages: [
      "The message was accepted for some recipients only. Send it again only to the others, or some will get it twice.",
      ...recipients.map(describe),
    ],
    ...known,
  };
}

function failureFor(error: unknown): UpyoReceipt {
  if (!(error instanceof MailError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { successful: false, errorMessages: [message], recipients: [] };
  }
  const { message, code, disposition, receipt } = error;
  return {
    successful: false,
    errorMessages: [message],
    code,
    disposition,
    recipients: receipt?.recipients ?? [],
    ...(receipt?.seal === undefined ? {} : { seal: receipt.seal }),
  };
}

function describe({ address, outcome, reply }: RecipientOutcome): string {
  return `${address}: ${outcome}${reply === undefined ? "" : ` (${describeReply(reply)})`}`;
}
