/** How it stands with the sign-in of an account, as far as the tokens on disk show it. Nothing is asked. */
import type { StoredTokens } from "@postseal/oauth";
import { pinnedOf } from "./issuer.ts";
import { knownIssuerOf } from "./known-issuers.ts";
import { hostOf, type SigningAccount } from "./signing-account.ts";
import { storeOf } from "./token-source.ts";

/** `itself`: the application needs nobody. `out`: nobody is signed in, or not for this account as it is now. */
export type SignInState =
  | { readonly is: "itself" }
  | { readonly is: "out"; readonly why: string }
  | { readonly is: "in"; readonly tokens: StoredTokens; readonly endsUnlessUsed: Date | undefined };

const DAY = 86_400_000;

/** Throws `OAuthError` if the file of the tokens cannot be read or trusted. */
export async function signInStateOf(account: SigningAccount, environment: NodeJS.ProcessEnv): Promise<SignInState> {
  const { oauth } = account;
  if (oauth.application.acts !== "person") return { is: "itself" };
  const tokens = await (await storeOf(account, { environment })).read();
  if (tokens === undefined) return { is: "out", why: "nobody has signed in" };
  const issuer = (await pinnedOf(oauth))?.id ?? oauth.issuer;
  if (tokens.issuer !== issuer || tokens.clientId !== oauth.application.id)
    return { is: "out", why: "the last sign-in was at another issuer, or as another application" };
  if (!tokens.servers.includes(hostOf(account)))
    return { is: "out", why: `the last sign-in was for ${tokens.servers.join(", ")}` };
  if (tokens.ended !== undefined) {
    const { likelyEnd } = await import("@postseal/oauth");
    const day = tokens.ended.at.toISOString().slice(0, 10);
    return {
      is: "out",
      why: `the sign-in ended by ${day} (${tokens.ended.error}). ${likelyEnd(tokens) ?? ""}`.trim().replace(/\.$/, ""),
    };
  }
  const idleDays = knownIssuerOf(oauth)?.idleDays;
  const endsUnlessUsed = idleDays === undefined ? undefined : new Date(tokens.renewedAt.getTime() + idleDays * DAY);
  return { is: "in", tokens, endsUnlessUsed };
}
