/** What a person's sign-in needs and gives. */
import type { HttpsOptions } from "@postseal/mailer/internal";
import type { Client } from "./client.ts";
import type { Issuer } from "./issuer.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

export interface SignInOptions {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly store: TokenStore;
  /** Names, each after a space. A grant of less is an error. `offline_access` need not be granted by name. */
  readonly scope: string;
  /** The mail servers that the token may go to. Default: the issuer's, if it has some. */
  readonly servers?: readonly string[] | undefined;
  /** For whom the token is meant (RFC 8707), if the issuer wants that said. */
  readonly resource?: string | undefined;
  /** Whom the issuer's page proposes. */
  readonly loginHint?: string | undefined;
  readonly https?: HttpsOptions | undefined;
  /** Ends the sign-in. */
  readonly signal?: AbortSignal | undefined;
}

/** A sign-in in a browser that is under way. */
export interface SignIn extends AsyncDisposable {
  /** The issuer's page: for a browser on another machine. */
  readonly url: URL;
  /** On this machine, once: leads to `url`, so that what other users can see of the browser's arguments is of no use. */
  readonly local: URL;
  /**
   * Waits for the browser to come back, or takes the address at which it ended elsewhere. A pasted address that is wrong throws
   * `OAuthError`, and the sign-in goes on; may be called again, and while another call waits.
   */
  finish(pasted?: string): Promise<StoredTokens>;
  close(): Promise<void>;
}

/** A sign-in with a code that a person enters on any device (RFC 8628). */
export interface DeviceSignIn {
  readonly userCode: string;
  readonly url: URL;
  /** The same with the code in it. */
  readonly completeUrl?: URL | undefined;
  readonly expiresAt: Date;
  /** Waits until the person has agreed or refused. Throws `OAuthError`. */
  finish(): Promise<StoredTokens>;
}
