/** CRAM-MD5 (RFC 2195): a keyed digest of the server's challenge instead of the password. */
import { createHmac } from "node:crypto";
import { AuthenticationError } from "../errors/authentication-error.ts";
import { unexpectedChallenge } from "./challenge.ts";
import type { PasswordCredentials } from "./credentials.ts";
import type { Mechanism } from "./mechanism.ts";
import { checkText, prepareSecret, secretOctets } from "./preparation.ts";
import type { Secret } from "./secret.ts";

export class CramMd5Mechanism implements Mechanism {
  readonly name = "CRAM-MD5";
  readonly initialResponse = undefined;
  readonly #username: string;
  readonly #password: Secret;
  #answered = false;
  #proof: string | undefined;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for what CRAM-MD5 cannot carry. */
  constructor({ username, password }: PasswordCredentials) {
    this.#username = checkText(this.name, "username", username);
    this.#password = prepareSecret(this.name, "password", password, checkText);
  }

  get proof(): string | undefined {
    return this.#proof;
  }

  respond(challenge: Uint8Array): Uint8Array {
    // A second digest would let the server have another text of its choice signed.
    if (this.#answered) throw unexpectedChallenge(this.name);
    this.#answered = true;
    if (challenge.length === 0)
      throw new AuthenticationError(
        "MAIL_AUTH_PROTOCOL",
        "The server sent CRAM-MD5 an empty challenge, whose answer would be the same every time and could be replayed. The login was cancelled.",
        { mechanism: this.name },
      );
    this.#proof = createHmac("md5", this.#password.reveal()).update(challenge).digest("hex");
    return secretOctets(`${this.#username} ${this.#proof}`);
  }

  finish(): void {}
}
