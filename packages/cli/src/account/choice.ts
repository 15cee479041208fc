/** Chooses the account that sends: by its name, or by the sender's address. */
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import type { Account } from "./account.ts";
import { searched } from "./configuration-file.ts";
import type { Configuration } from "./configuration.ts";

/** Throws `CommandError` (`CLI_USAGE`) if there is no such account. */
export function accountNamed(name: string, { accounts }: Configuration): Account {
  const account = accounts.find((one) => one.name === name);
  if (account !== undefined) return account;
  const names = accounts.map((one) => one.name);
  if (names.length === 0)
    throw new CommandError(
      "CLI_USAGE",
      `--account: there are no accounts yet: postseal account add makes one. There is none in ${searched(process.env)}`,
    );
  const close = nearest(name, names);
  const advice =
    close === undefined
      ? `there ${names.length === 1 ? "is only" : "are"} ${names.join(", ")}`
      : `did you mean ${close}?`;
  throw new CommandError("CLI_USAGE", `--account: there is no such account; ${advice}`);
}

/**
 * By the whole address, then by its domain, then the default account, then the only account. `sender`: an address without a
 * name. Throws `CommandError` (`CLI_CONFIGURATION`) if none of these finds one.
 */
export function accountFor(sender: string | undefined, { accounts, defaultAccount }: Configuration): Account {
  const address = sender?.toLowerCase() ?? "";
  const domain = address.slice(address.lastIndexOf("@"));
  const chosen =
    (address === "" ? undefined : (accounts.find(chooses(address)) ?? accounts.find(chooses(domain)))) ??
    accounts.find(({ name }) => name === defaultAccount) ??
    (accounts.length === 1 ? accounts[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw new CommandError(
    "CLI_CONFIGURATION",
    accounts.length === 0
      ? `there is no account: postseal account add makes one. There is none in ${searched(process.env)}`
      : sender === undefined || sender === ""
        ? "no account is for a message without a sender: name the sender, set default-account, or give --account NAME"
        : `no account is for ${sender}: add its address to from of an account, set default-account, or give --account NAME`,
  );
}

function chooses(wanted: string): (account: Account) => boolean {
  return ({ from }) => from.some((one) => one.toLowerCase() === wanted);
}
