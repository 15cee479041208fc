/** What gives access tokens, whatever grant they come from. */
import type { Secret } from "@postseal/mailer";

export interface TokenOptions {
  readonly signal?: AbortSignal | undefined;
  /** The verified name of the mail server that the token is for: it is given for those of the sign-in only. */
  readonly server?: string | undefined;
  /** `true`: the issuer is asked even if the token is still valid. */
  readonly renew?: boolean | undefined;
}

export interface TokenSource {
  /**
   * An access token that is still valid, renewed if need be. An aborted signal ends the wait, not the renewal. Throws `OAuthError`,
   * or the signal's reason.
   */
  token(options?: TokenOptions): Promise<Secret>;
  /** The mail server refused this token: the next one is another, or none. */
  refused(token: Secret): void;
}
