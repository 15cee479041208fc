/** What every SASL mechanism (RFC 4422) looks like from the AUTH dialogue (RFC 4954). No I/O in here, and no base64: raw octets. */

/** Every mechanism that Postseal speaks. Which is preferred is decided by `chooseMechanism`. */
export type MechanismName =
  | "SCRAM-SHA-256-PLUS"
  | "SCRAM-SHA-1-PLUS"
  | "SCRAM-SHA-256"
  | "SCRAM-SHA-1"
  | "CRAM-MD5"
  | "PLAIN"
  | "LOGIN"
  | "OAUTHBEARER"
  | "XOAUTH2"
  | "EXTERNAL";

/** One exchange: a mechanism is made for one AUTH command, and is spent with it. */
export interface Mechanism {
  readonly name: MechanismName;
  /**
   * The initial response, sent with the AUTH command; `undefined` where the server speaks first, and empty
   * (a lone `=` on the wire, RFC 4954 section 4) where there is one of no octets.
   * It is made when it is read, since it holds the secret: read it when it is sent.
   */
  readonly initialResponse: Uint8Array | undefined;
  /** That the server has refused within the exchange, in known words that are safe to print: the reply that follows can only confirm it. */
  readonly refusal?: string | undefined;
  /** What the last response proved the password by, where it is made from it: whoever reads it can guess the password at leisure. */
  readonly proof?: string | undefined;
  /** Answers one challenge. Throws `AuthenticationError` where the challenge is not one this mechanism can have at this point: the dialogue then cancels with `*`. */
  respond(challenge: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** Called on 235. Throws `AuthenticationError` (`MAIL_AUTH_SERVER_UNPROVEN`) where the mechanism needs a proof from the server that has not come. */
  finish(): void;
}
