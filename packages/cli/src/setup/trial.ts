/** Tries an account before it is saved: with a real login over verified TLS. */
import type { Verification } from "@postseal/mailer";
import type { Account } from "../account/account.ts";
import { mailerOfAccount } from "../account/account-mailer.ts";
import { parseConfiguration } from "../account/configuration.ts";
import type { DraftAccount } from "../account/draft.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { ConfigurationError } from "../account/problem.ts";
import { CommandError } from "../command-error.ts";
import { reasonOf } from "../reason.ts";

/** A pin that no key has: the error then names the pin of the server's key, and the server gets no secret. */
const NO_PIN = `${"A".repeat(43)}=`;

export interface Attempt {
  readonly draft: DraftAccount;
  /** The configuration file that it will be added to. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/** Throws what `verify` throws, or `CommandError`. */
export async function tryAccount({ draft, file, signal }: Attempt): Promise<Verification> {
  try {
    const mailer = await mailerOfAccount(accountOfDraft(draft, file), process.env, {}, draft);
    return await mailer.verify({ signal });
  } catch (error) {
    // defence: no-login-no-account
    throw inOptions(reasonOf(error), file);
  }
}

/** The pin of the server that answers, which proves nothing by itself. `undefined` if it shows no key. */
export async function pinShown({ draft, file, signal }: Attempt): Promise<string | undefined> {
  const keys = new Map(
    [...draft.keys].filter(([key]) => key !== "ca" && key !== "ca-only").concat([["trust-pins", [NO_PIN]]]),
  );
  try {
    await tryAccount({ draft: { ...draft, keys }, file, signal });
  } catch (error) {
    const isMismatch = error instanceof Error && "reason" in error && error.reason === "pin-mismatch";
    return isMismatch ? /has the pin ([A-Za-z0-9+/]{43}=)/.exec(error.message)?.[1] : undefined;
  }
  return undefined;
}

/** The account, exactly as it will be read from the file. Throws `CommandError`. */
export function accountOfDraft(draft: DraftAccount, file: string): Account {
  const toml = formatDraft({ accounts: [draft], defaultAccount: undefined }, "a draft");
  const { accounts, problems } = parseConfiguration(toml, file);
  const [account] = accounts;
  const [problem] = problems;
  // Without line numbers, since the draft is not in a file yet.
  if (account === undefined)
    throw new CommandError("CLI_USAGE", `${problem?.what ?? "there is no account"}. ${problem?.remedy ?? ""}`);
  return account;
}

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ["pins", "pin"],
  ["trust-pins", "trust-pin"],
]);

/** The account is in no file yet, so an error must not send anybody to a line of it: its keys are the options here. */
function inOptions(error: unknown, file: string): unknown {
  const [problem] = error instanceof ConfigurationError ? error.problems : [];
  if (problem === undefined || problem.file !== file) return error;
  const [key = "", ...rest] = problem.what.split(": ");
  const what = rest.length === 0 ? problem.what : `--${OPTIONS.get(key) ?? key}: ${rest.join(": ")}`;
  return new CommandError("CLI_CONFIGURATION", `${what}. ${problem.remedy}`, error);
}
