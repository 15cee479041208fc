/** Puts a message into the outbox, for `outbox enqueue` and for `sendmail`. */
import type { Message } from "@postseal/mailer";
import type { EnqueueOptions } from "@postseal/outbox";
import type { Account } from "../account/account.ts";
import type { Configuration } from "../account/configuration.ts";
import type { Queued } from "../result/result.ts";
import { outboxAccountsOf } from "./accounts.ts";
import { withOutbox } from "./opening.ts";
import { outboxToBe } from "./outbox-file.ts";

interface Queueing {
  /** The outbox's file, if an option names it. */
  readonly named?: string | undefined;
  readonly configuration: Pick<Configuration, "outbox">;
  readonly wishes?: EnqueueOptions;
}

/** Resolves once the message is on the disk, with what the account promises now. Throws `CommandError` and `InputError`. */
export async function queue(
  message: Message,
  account: Account,
  { named, configuration, wishes = {} }: Queueing,
): Promise<Queued> {
  const accounts = await outboxAccountsOf([account]);
  const file = await outboxToBe(named, configuration);
  return withOutbox(file, { accounts }, async (outbox) => ({
    ...(await outbox.enqueue(message, { ...wishes, account: account.name })),
    account: account.name,
  }));
}
