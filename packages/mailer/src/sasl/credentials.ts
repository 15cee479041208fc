/** What a caller may log in with. */
import type { Secret } from "./secret.ts";

export interface PasswordCredentials {
  readonly username: string;
  readonly password: string | Secret;
  /** The identity to act as (RFC 4422 section 3.4.1), where it is not the user's own. */
  readonly authorizationId?: string | undefined;
}

export interface TokenCredentials {
  readonly username: string;
  /** An OAuth 2.0 access token (RFC 6750). */
  readonly accessToken: string | Secret;
}

/** The identity of a TLS client certificate (RFC 4422 appendix A: EXTERNAL). */
export interface ExternalCredentials {
  readonly external: true;
  readonly authorizationId?: string | undefined;
}

export type Credentials = PasswordCredentials | TokenCredentials | ExternalCredentials;

/** Called only after the peer proved who it is, so that a secret is never fetched for an impostor; once for each connection. */
export type CredentialsFunction = (facts: {
  readonly signal: AbortSignal | undefined;
}) => Credentials | Promise<Credentials>;

export type CredentialsSource = Credentials | CredentialsFunction;
