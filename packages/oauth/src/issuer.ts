/** What is known of an issuer (RFC 8414): its identifier, and where each question goes. */

export interface Issuer {
  /** The issuer identifier, as `iss` has it (RFC 9207). */
  readonly id: string;
  readonly authorizationEndpoint?: URL | undefined;
  readonly tokenEndpoint: URL;
  readonly deviceEndpoint?: URL | undefined;
  readonly revocationEndpoint?: URL | undefined;
  readonly registrationEndpoint?: URL | undefined;
  /** Whether it names itself in the redirect, so that an answer without that is refused (RFC 9207). */
  readonly sendsIss: boolean;
  /** The scopes that it lists. */
  readonly scopes?: readonly string[] | undefined;
  /** How it takes a client's secret. Default `body`. */
  readonly secretIn?: "body" | "header" | undefined;
  /** The name that redirects to this machine have. Default `127.0.0.1`; some issuers know only `localhost`. */
  readonly loopback?: "127.0.0.1" | "localhost" | undefined;
  /** Added to each authorization request. */
  readonly parameters?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The mail servers that its tokens are for, if everybody's are the same. */
  readonly servers?: readonly string[] | undefined;
}
