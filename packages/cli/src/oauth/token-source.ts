/** Where an account's tokens come from: a person's sign-in that is kept on disk, or the application itself. */
import type { Secret as SecretText } from "@postseal/mailer";
import type { Issuer, StoredTokens, TokenSource, TokenStore } from "@postseal/oauth";
import { clientOf } from "./client.ts";
import type { Application } from "../account/oauth.ts";
import { textOfFile } from "../account/secret.ts";
import { httpsOf, issuerOf, pinnedOf } from "./issuer.ts";
import { scopeOf } from "./known-issuers.ts";
import { signInError } from "./sign-in-error.ts";
import { type Around, hostOf, type SigningAccount } from "./signing-account.ts";
import { tokensFileOf } from "./tokens-file.ts";

/** Throws `AuthenticationError` (`MAIL_AUTH_SIGN_IN`) if nobody has signed in, `OAuthError` and `ConfigurationError`. */
export async function tokenSourceOf(account: SigningAccount, around: Around): Promise<TokenSource> {
  const { oauth, username } = account;
  const { application } = oauth;
  const { clientCredentials, serviceAccount } = await import("@postseal/oauth");
  // What an application gets by itself is not kept on disk: a new token is one request away, and needs nobody.
  const terms = { scope: scopeOf(oauth), servers: [hostOf(account)], https: await httpsOf(account) };
  if (application.acts === "service-account") {
    const { Secret } = await import("@postseal/mailer");
    const keyFile = async (): Promise<SecretText> => new Secret(await textOfFile(account, application.keyFile));
    return serviceAccount({ keyFile, subject: username, ...terms });
  }
  if (application.acts === "person") return personal(account, application, around);
  const client = await clientOf(account, application, around);
  return clientCredentials({ issuer: await issuerOf(account), client, ...terms });
}

export async function storeOf(account: SigningAccount, { environment, tokens }: Around): Promise<TokenStore> {
  const { fileStore } = await import("@postseal/oauth");
  return tokens ?? fileStore(tokensFileOf(account.name, environment));
}

async function personal(
  account: SigningAccount,
  application: Exclude<Application, { readonly acts: "service-account" }>,
  around: Around,
): Promise<TokenSource> {
  const store = await storeOf(account, around);
  const kept = await store.read();
  if (kept === undefined) throw await signInError(account, "nobody has signed in");
  const issuer = (await pinnedOf(account.oauth)) ?? (await issuerKeptOrAsked(account, kept));
  const client = await clientOf(account, application, around);
  const { signedIn } = await import("@postseal/oauth");
  return signedIn({ issuer, client, store, https: await httpsOf(account) });
}

/** The sign-in has kept where its tokens come from. Only how the issuer takes a secret is not kept. */
async function issuerKeptOrAsked(account: SigningAccount, { tokenEndpoint }: StoredTokens): Promise<Issuer> {
  const { issuer: id, application } = account.oauth;
  const kept = { id, tokenEndpoint: new URL(tokenEndpoint), sendsIss: false };
  if (application.acts === "service-account" || application.proof === undefined) return kept;
  return issuerOf(account).catch(() => kept);
}
