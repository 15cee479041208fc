/** The state of a sign-in in words and as facts, without any token. */
import type { Account } from "../account/account.ts";
import { isSigning } from "./signing-account.ts";
import { signInStateOf } from "./sign-in-state.ts";

export interface Description {
  readonly words: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** `undefined` if the account does not sign in. */
export async function describeSignIn(
  account: Account,
  environment: NodeJS.ProcessEnv,
): Promise<Description | undefined> {
  if (!isSigning(account)) return undefined;
  const { OAuthError } = await import("@postseal/oauth");
  try {
    const state = await signInStateOf(account, environment);
    if (state.is === "itself")
      return { words: "the application gets its tokens by itself", facts: { state: "itself" } };
    if (state.is === "out")
      return {
        words: `not signed in: ${state.why}. Sign in: postseal account sign-in ${account.name}`,
        facts: { state: "out", why: state.why },
      };
    const { signedInAt, renewedAt, scope } = state.tokens;
    const { endsUnlessUsed } = state;
    const ends = endsUnlessUsed === undefined ? "" : `; it ends if it is not used before ${dayOf(endsUnlessUsed)}`;
    return {
      words: `signed in since ${dayOf(signedInAt)}, renewed ${timeOf(renewedAt)}${ends}`,
      facts: {
        state: "in",
        scope,
        signedInAt: signedInAt.toISOString(),
        renewedAt: renewedAt.toISOString(),
        ...(endsUnlessUsed === undefined ? {} : { endsUnlessUsed: endsUnlessUsed.toISOString() }),
      },
    };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { words: error.message, facts: { state: "unreadable", why: error.message } };
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
