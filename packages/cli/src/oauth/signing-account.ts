/** An account that signs in by OAuth, and what of it is not yet in files. */
import type { Account } from "../account/account.ts";
import type { Unwritten } from "../account/draft.ts";
import type { OauthSettings } from "../account/oauth.ts";

export interface SigningAccount extends Account {
  readonly oauth: OauthSettings;
  readonly username: string;
}

export interface Around extends Unwritten {
  readonly environment: NodeJS.ProcessEnv;
}

export function isSigning(account: Account): account is SigningAccount {
  return account.oauth !== undefined && account.username !== undefined;
}

/** The name of its mail server, by which a token is kept for that server. */
export function hostOf({ server }: Account): string {
  const host = "url" in server ? new URL(server.url).hostname : server.host;
  return host.toLowerCase();
}
