/** `postseal config check --sign-in`: whether each account can get a token, so that no sign-in ends unnoticed. */
import type { Account } from "../account/account.ts";
import { CommandError } from "../command-error.ts";
import { exitCodeOf } from "../result/exit-code.ts";
import { exits } from "../result/exits.ts";
import { inWordsOf } from "./credentials.ts";
import { describeSignIn } from "./description.ts";
import { hostOf, isSigning, type SigningAccount } from "./signing-account.ts";
import { tokenSourceOf } from "./token-source.ts";

export interface SignInCheck {
  readonly account: string;
  readonly exitCode: number;
  /** For people. */
  readonly message: string;
}

/** One for each account that signs in. `isRenewing`: asks each issuer for a new token, which keeps the sign-in alive. */
export async function checkSignIns(
  accounts: readonly Account[],
  { isRenewing, environment }: { readonly isRenewing: boolean; readonly environment: NodeJS.ProcessEnv },
): Promise<readonly SignInCheck[]> {
  const signing = accounts.filter(isSigning);
  return Promise.all(
    signing.map((account) => (isRenewing ? renewed(account, environment) : looked(account, environment))),
  );
}

async function looked(account: SigningAccount, environment: NodeJS.ProcessEnv): Promise<SignInCheck> {
  const description = await describeSignIn(account, environment);
  const { words = "", facts = { state: "" } } = description ?? {};
  const isSound = facts["state"] === "in" || facts["state"] === "itself";
  return { account: account.name, exitCode: isSound ? exits.done.code : exits.notLoggedIn.code, message: words };
}

async function renewed(account: SigningAccount, environment: NodeJS.ProcessEnv): Promise<SignInCheck> {
  const { name } = account;
  try {
    const source = await tokenSourceOf(account, { environment });
    await source.token({ server: hostOf(account), renew: true });
  } catch (thrown) {
    const error = await inWordsOf(account, thrown);
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof CommandError) && !("disposition" in error)) throw error;
    return { account: name, exitCode: exitCodeOf({ kind: "failed", error }), message: error.message };
  }
  const description = await describeSignIn(account, environment);
  return { account: name, exitCode: exits.done.code, message: description?.words ?? "" };
}
