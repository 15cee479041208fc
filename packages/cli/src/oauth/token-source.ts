/** Where an account's tokens come from: a person's sign-in that is kept on disk, or the application itself. */
import type { TokenSource, TokenStore } from "@postseal/oauth";
import { clientOf } from "./client.ts";
import { httpsOf, issuerOf, pinnedOf } from "./issuer.ts";
import { scopeOf } from "./known-issuers.ts";
import { signInError } from "./sign-in-error.ts";
import type { Around, SigningAccount } from "./signing-account.ts";
import { tokensFileOf } from "./tokens-file.ts";

/** Throws `AuthenticationError` (`MAIL_AUTH_SIGN_IN`) if nobody has signed in, `OAuthError` and `ConfigurationError`. */
export async function tokenSourceOf(account: SigningAccount, around: Around): Promise<TokenSource> {
  const { oauth, username } = account;
  const { application } = oauth;
  const [scope, https] = [scopeOf(oauth), await httpsOf(account)];
  const { clientCredentials, serviceAccount } = await import("@postseal/oauth");
  switch (application.acts) {
    case "person":
      return personal(account, around);
    case "itself":
      // Nothing is kept on disk: a new token is one request away, and needs nobody.
      return clientCredentials({
        issuer: await issuerOf(account),
        client: await clientOf(account, application, around),
        scope,
        https,
      });
    case "service-account":
      return serviceAccount({ keyFile: application.keyFile.path, subject: username, scope, https });
  }
}

export async function storeOf(account: SigningAccount, { environment, tokens }: Around): Promise<TokenStore> {
  const { fileStore } = await import("@postseal/oauth");
  return tokens ?? fileStore(tokensFileOf(account.name, environment));
}

async function personal(account: SigningAccount, around: Around): Promise<TokenSource> {
  const { oauth } = account;
  const { signedIn } = await import("@postseal/oauth");
  if (oauth.application.acts === "service-account") throw new TypeError("nobody signs in with a service account");
  const store = await storeOf(account, around);
  const kept = await store.read();
  if (kept === undefined) throw await signInError(account, "nobody has signed in");
  // An issuer that is not pinned is not asked again where its tokens come from: the sign-in has kept that.
  const issuer = (await pinnedOf(oauth)) ?? {
    id: oauth.issuer,
    tokenEndpoint: new URL(kept.tokenEndpoint),
    sendsIss: false,
  };
  const client = await clientOf(account, oauth.application, around);
  return signedIn({ issuer, client, store, https: await httpsOf(account) });
}
