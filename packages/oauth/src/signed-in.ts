/** Tokens of a person who has signed in, renewed by the refresh token (RFC 6749 section 6). */
import { createSealedHttps, type HttpsOptions, readOptions } from "@postseal/mailer/internal";
import { shown } from "@postseal/mailer";
import type { Client } from "./client.ts";
import { grant } from "./grant.ts";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";
import { ended, RenewingSource } from "./renewal.ts";
import type { TokenSource } from "./token-source.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

export interface SignedInOptions {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly store: TokenStore;
  readonly https?: HttpsOptions | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["issuer", "client", "store", "https"]);

/** Throws `InputError`. Its tokens throw `MAIL_AUTH_SIGN_IN` if nobody has signed in, or the issuer has ended that. */
export function signedIn(options: SignedInOptions): TokenSource {
  const { issuer, client, store, https } = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const carrier = createSealedHttps(https);
  return new RenewingSource(store, {
    judge: (now) => judge(now, issuer, client),
    fetch: async (now) => {
      const current = judge(now, issuer, client);
      const { refreshToken, resource } = current;
      if (refreshToken === undefined) throw ended(current);
      const granted = await grant({
        issuer,
        client,
        https: carrier,
        type: "refresh_token",
        parameters: { refresh_token: refreshToken.reveal(), ...(resource === undefined ? {} : { resource }) },
        secrets: [refreshToken],
        purpose: "renew the access token",
        endsSignIn: true,
      });
      const { retryAfter: _, ...rest } = current;
      return {
        ...rest,
        accessToken: granted.accessToken,
        expiresAt: granted.expiresAt,
        // Many issuers replace it, and then the old one is dead.
        // defence: replaced-token-is-kept
        refreshToken: granted.refreshToken ?? refreshToken,
        scope: granted.scope ?? current.scope,
        renewedAt: new Date(),
      };
    },
  });
}

/** A token of one issuer is not shown to another. */
function judge(now: StoredTokens | undefined, issuer: Issuer, client: Client): StoredTokens {
  if (now === undefined)
    throw new OAuthError("MAIL_AUTH_SIGN_IN", `Nobody has signed in at ${shown(issuer.id)} yet. Sign in.`);
  const isSame =
    now.issuer === issuer.id && now.tokenEndpoint === issuer.tokenEndpoint.href && now.clientId === client.id;
  // defence: stored-for-this-issuer
  if (!isSame)
    throw new OAuthError(
      "MAIL_AUTH_SIGN_IN",
      `What is stored is a sign-in at ${shown(now.issuer)} (${shown(now.clientId)}), not at ${shown(issuer.id)} (${shown(client.id)}). Sign in again.`,
    );
  if (now.ended !== undefined) throw ended(now);
  return now;
}
