/** Makes the outbox's accounts from those of the configuration. Nothing connects, and no secret is fetched before it is needed. */
import type { AccountOptions, OutboxOptions } from "@postseal/outbox";
import type { Account } from "../account/account.ts";
import { mailerOfAccount, mailerOptionsOf } from "../account/account-mailer.ts";

/** Throws `ConfigurationError`. */
export async function outboxAccountsOf(accounts: readonly Account[]): Promise<NonNullable<OutboxOptions["accounts"]>> {
  const entries = await Promise.all(
    accounts.map(async (account): Promise<[string, AccountOptions]> => [account.name, await optionsOf(account)]),
  );
  return Object.fromEntries(entries);
}

async function optionsOf(account: Account): Promise<AccountOptions> {
  // The mailer judges the account, and its errors name the file and the line.
  await mailerOfAccount(account, process.env);
  const { server, options } = await mailerOptionsOf(account, process.env);
  const { rate, onUnknown } = account.outbox;
  return { ...options, server, rate, onUnknown };
}
