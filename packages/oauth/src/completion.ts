/** What the two ways of signing in have in common: judged options before, and stored tokens after. */
import { InputError, shown } from "@postseal/mailer";
import { checkSignal, createSealedHttps, readOptions, type SealedHttps } from "@postseal/mailer/internal";
import type { Client } from "./client.ts";
import type { Granted } from "./grant.ts";
import type { Issuer } from "./issuer.ts";
import { mailServers } from "./mail-servers.ts";
import { OAuthError } from "./oauth-error.ts";
import { assertScope, missingScopes } from "./scope.ts";
import type { SignInOptions } from "./sign-in.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

const NAMES: Readonly<Record<keyof SignInOptions, true>> = {
  issuer: true,
  client: true,
  store: true,
  scope: true,
  servers: true,
  resource: true,
  loginHint: true,
  https: true,
  signal: true,
};
const KNOWN: ReadonlySet<string> = new Set(Object.keys(NAMES));
const TEXT = /^[\x21-\x7e]{1,2048}$/;

export interface Terms {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly store: TokenStore;
  readonly scope: string;
  readonly servers: readonly string[];
  readonly resource: string | undefined;
  readonly loginHint: string | undefined;
  readonly https: SealedHttps;
  readonly signal: AbortSignal | undefined;
}

/** Throws `InputError`. */
export function readTerms(options: SignInOptions): Terms {
  const own = readOptions(options, KNOWN, { field: "", code: "MAIL_INPUT_OPTION" });
  const { issuer, client, store, scope, resource, loginHint, signal } = own;
  checkSignal(signal);
  assertScope(scope);
  if (resource !== undefined && (typeof resource !== "string" || !TEXT.test(resource)))
    throw new InputError("MAIL_INPUT_OPTION", "resource", "is a URI, as the issuer's documentation names it");
  if (loginHint !== undefined && (typeof loginHint !== "string" || /\p{Cc}/u.test(loginHint)))
    throw new InputError("MAIL_INPUT_OPTION", "loginHint", "is the address that the page is to propose");
  const servers = mailServers(own.servers, issuer);
  return { issuer, client, store, scope, servers, resource, loginHint, https: createSealedHttps(own.https), signal };
}

/** Stores what was granted. Throws `OAuthError` if it is less than was asked for: mail servers refuse such a token without a reason. */
export async function complete(granted: Granted, terms: Terms): Promise<StoredTokens> {
  const { issuer, client, store, servers, resource } = terms;
  const scope = granted.scope ?? terms.scope;
  const missing = missingScopes(terms.scope, scope);
  // defence: less-scope-is-no-sign-in
  if (missing.length > 0)
    throw new OAuthError(
      "MAIL_AUTH_SIGN_IN",
      `${shown(issuer.id)} granted less than was asked for: ${shown(missing.join(" "))} is missing. Sign in again, and tick every box that the page shows for mail.`,
    );
  const now = new Date();
  const tokens: StoredTokens = {
    issuer: issuer.id,
    clientId: client.id,
    scope,
    tokenEndpoint: issuer.tokenEndpoint.href,
    servers,
    resource,
    accessToken: granted.accessToken,
    expiresAt: granted.expiresAt,
    refreshToken: granted.refreshToken,
    signedInAt: now,
    renewedAt: now,
  };
  return store.update(async () => tokens);
}
