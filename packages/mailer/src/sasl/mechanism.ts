/** A SASL mechanism (RFC 4422) as the AUTH dialogue (RFC 4954) sees it. No I/O here and no base64: raw octets. */

/** Strongest first. Types, the choices of the command and all checks come from these lists. */
export const passwordMechanisms = [
  // Binding comes before the better hash: SHA-1 is still unbroken in HMAC and PBKDF2, while anybody with a certificate for
  // the server's name can relay an unbound login. It also means that an unbound one is chosen freely only if no -PLUS was listed.
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  // CRAM-MD5 comes before PLAIN although its server must keep the password readable: a server that lists it does so
  // already. This login only decides what it hands over, and a digest is less than the password.
  // CRAM-MD5 proves nothing about the server and its digest can be guessed offline, so it does not count as `scram`.
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

/** `scram`: the password is never sent, and the server has to prove itself. `scram-plus`: the login is bound to this TLS session too. */
export const minimums = ["scram", "scram-plus"] as const;
export type Minimum = (typeof minimums)[number];

/** Why a server refused an access token (RFC 7628 section 3.2.2). */
export interface TokenRefusal {
  /** In known words, which are safe to print. */
  readonly status: string;
  /** The scope that the server says it wants; it may hold anything that can stand in a scope, so strike secrets out before it is shown. */
  readonly scope?: string;
  /** The issuer that the server names, an https URL. For people alone: nobody has proved it. Strike secrets out of it, too. */
  readonly issuer?: string;
}

/** One login: a mechanism is made for one AUTH command and used only for it. */
export interface Mechanism {
  readonly name: MechanismName;
  /**
   * The initial response, sent with the AUTH command: `undefined` if the server speaks first; empty if it has no octets
   * (a lone `=` on the wire, RFC 4954 section 4).
   * If it holds a secret, a getter makes it: read it only to send it.
   */
  readonly initialResponse: Uint8Array | undefined;
  /** Set if the server has refused within the login: the reply that follows can only confirm it. */
  readonly refusal?: TokenRefusal | undefined;
  /** The proof in the last response, if it is computed from the password: anybody who reads it can guess the password offline. */
  readonly proof?: string | undefined;
  /** Answers one challenge. Throws `AuthenticationError` if no such challenge can come at this point: the dialogue then cancels with `*`. */
  respond(challenge: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** Called on 235. Throws `AuthenticationError` (`MAIL_AUTH_SERVER_UNPROVEN`) if the mechanism still lacks the server's proof. */
  finish(): void;
}
