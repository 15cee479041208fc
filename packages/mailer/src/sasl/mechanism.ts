/** What every SASL mechanism (RFC 4422) looks like from the AUTH dialogue (RFC 4954). No I/O in here, and no base64: raw octets. */

/** Strongest first. Types, the choices of the command and all checks come from these lists. */
export const passwordMechanisms = [
  // Binding comes before the better hash: SHA-1 still stands in HMAC and PBKDF2, while an unbound login can be relayed by
  // whoever has a certificate for the server's name. It also means that no -PLUS was listed where an unbound one is chosen freely.
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  // CRAM-MD5 comes before PLAIN although it makes the server keep the password readable: a server that lists it does
  // so already, whatever we choose. What is left to decide is what this login hands over, and a digest is less than the password.
  // It proves nothing about the server and can be guessed at offline, so it does not count as `scram`.
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
] as const;
export const tokenMechanisms = ["OAUTHBEARER", "XOAUTH2"] as const;
export const certificateMechanisms = ["EXTERNAL"] as const;

export type MechanismName =
  | (typeof passwordMechanisms)[number]
  | (typeof tokenMechanisms)[number]
  | (typeof certificateMechanisms)[number];

/** Every mechanism that Postseal speaks. */
export const mechanismNames: readonly MechanismName[] = [
  ...passwordMechanisms,
  ...tokenMechanisms,
  ...certificateMechanisms,
];

/** `scram`: the password never goes to the server, which has to prove itself. `scram-plus`: and it is bound to this TLS session. */
export const minimums = ["scram", "scram-plus"] as const;
export type Minimum = (typeof minimums)[number];

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
