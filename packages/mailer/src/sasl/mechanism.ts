/** What every SASL mechanism (RFC 4422) looks like from the AUTH dialogue (RFC 4954). No I/O in here, and no base64: raw octets. */

export interface Mechanism {
  /** By its registered name, e.g. `SCRAM-SHA-256-PLUS`. */
  readonly name: string;
  /** The initial response, sent with the AUTH command; `undefined` where the server speaks first. */
  readonly initialResponse: Uint8Array | undefined;
  /** Answers one challenge. Throws `AuthenticationError` where the challenge is not one this mechanism can have at this point: the dialogue then cancels with `*`. */
  respond(challenge: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** Called on 235. Throws `AuthenticationError` (`MAIL_AUTH_SERVER_UNPROVEN`) where the mechanism needs a proof from the server that has not come. */
  finish(): void;
}
