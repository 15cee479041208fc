/** What gives access tokens, whatever grant they come from. */
import type { Secret } from "@postseal/mailer";

export interface TokenSource {
  /**
   * An access token that is still valid, renewed if need be. `server`: the verified name of the mail server that it is for.
   * An aborted signal ends the wait, not the renewal. Throws `OAuthError`.
   */
  token(options?: { readonly signal?: AbortSignal | undefined; readonly server?: string | undefined }): Promise<Secret>;
  /** The mail server refused this token: the next one is another, or none. */
  refused(token: Secret): void;
}
