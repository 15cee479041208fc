/** What is kept of a sign-in. */
import type { Secret } from "@postseal/mailer";

export interface StoredTokens {
  readonly issuer: string;
  readonly clientId: string;
  /** What was granted: names, each after a space. */
  readonly scope: string;
  readonly tokenEndpoint: string;
  /** The mail servers that the access token may go to: host names, in lower case. */
  readonly servers: readonly string[];
  /** For whom it is meant (RFC 8707), if the issuer wants that said. */
  readonly resource?: string | undefined;
  readonly accessToken?: Secret | undefined;
  readonly expiresAt?: Date | undefined;
  readonly refreshToken?: Secret | undefined;
  readonly signedInAt: Date;
  readonly renewedAt: Date;
  /** The issuer has ended the sign-in, and is not asked again: when, and its error code. */
  readonly ended?: { readonly at: Date; readonly error: string } | undefined;
  /** The issuer wants no question before this. */
  readonly retryAfter?: Date | undefined;
}

export interface TokenStore {
  /** Throws `OAuthError` for what cannot be trusted or read. */
  read(): Promise<StoredTokens | undefined>;
  /**
   * Nobody else changes it meanwhile, in this process or another; what the function returns is kept before this resolves. If the
   * function throws, nothing changes.
   */
  update(change: (now: StoredTokens | undefined) => Promise<StoredTokens>): Promise<StoredTokens>;
  remove(): Promise<void>;
}
