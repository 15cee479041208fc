/** A person signs in for an account: what the page will say, the sign-in itself, and what was granted. */
import type { StoredTokens, TokenStore } from "@postseal/oauth";
import type { Application } from "../account/oauth.ts";
import type { Dialogue } from "../setup/dialogue.ts";
import { clientOf } from "./client.ts";
import { httpsOf, issuerOf } from "./issuer.ts";
import { signInBy, speakerOf } from "./journey.ts";
import { knownIssuerOf, scopeOf } from "./known-issuers.ts";
import { type Around, hostOf, type SigningAccount } from "./signing-account.ts";

export interface SigningIn extends Around {
  readonly application: Exclude<Application, { readonly acts: "service-account" }>;
  /** Where the tokens go. */
  readonly tokens: TokenStore;
  readonly isDevice: boolean;
  /** `undefined` without a terminal. */
  readonly dialogue: Dialogue | undefined;
  readonly signal: AbortSignal;
}

/** Throws `OAuthError`, `ConfigurationError` and `Interruption`. */
export async function signInFor(account: SigningAccount, signing: SigningIn): Promise<StoredTokens> {
  const { oauth, username } = account;
  const { application, tokens, isDevice, dialogue, environment, signal } = signing;
  const say = speakerOf(dialogue);
  const known = knownIssuerOf(oauth);
  for (const line of known?.page ?? []) say(line);
  const granted = await signInBy({
    issuer: await issuerOf(account),
    client: await clientOf(account, application, signing),
    scope: scopeOf(oauth),
    resource: oauth.resource,
    store: tokens,
    server: hostOf(account),
    username,
    https: await httpsOf(account),
    isDevice,
    dialogue,
    environment,
    signal,
  });
  say(`Signed in. Granted: ${granted.scope}`);
  if (known !== undefined) say(`It ends ${known.ends}.`);
  return granted;
}
