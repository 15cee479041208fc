/** The application that asks for tokens: registered by its user, never ours. */
import type { Secret } from "@postseal/mailer";

export interface Client {
  readonly id: string;
  /** A secret shared with the issuer. A function is called when it is needed. */
  readonly secret?: SecretSource | undefined;
  /** A key whose public half the issuer knows (RFC 7523 section 2.2), in place of a secret. */
  readonly key?: KeySource | undefined;
  /** How redirects to this machine were registered, if not as the issuer's usual ones. */
  readonly loopback?: "127.0.0.1" | "localhost" | undefined;
}

export type SecretSource = Secret | (() => Secret | Promise<Secret>);

export interface ClientKey {
  /** PEM. RSA signs by PS256, P-256 by ES256. */
  readonly privateKey: Secret;
  /** PEM. Its fingerprint goes along (`x5t#S256`), by which Microsoft finds the key. */
  readonly certificate?: string | undefined;
  /** By which other issuers find it (`kid`). */
  readonly keyId?: string | undefined;
}

export type KeySource = ClientKey | (() => ClientKey | Promise<ClientKey>);
