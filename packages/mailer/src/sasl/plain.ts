/** PLAIN (RFC 4616): the password itself, in one message. */
import { unexpectedChallenge } from "./challenge.ts";
import type { PasswordCredentials } from "./credentials.ts";
import type { Mechanism } from "./mechanism.ts";
import { checkText, prepareSecret, secretOctets } from "./preparation.ts";
import type { Secret } from "./secret.ts";

export class PlainMechanism implements Mechanism {
  readonly name = "PLAIN";
  readonly #authorizationId: string;
  readonly #username: string;
  readonly #password: Secret;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for what PLAIN cannot carry. */
  constructor({ username, password, authorizationId }: PasswordCredentials) {
    this.#authorizationId = authorizationId ? checkText(this.name, "authorizationId", authorizationId) : "";
    this.#username = checkText(this.name, "username", username);
    this.#password = prepareSecret(this.name, "password", password, checkText);
  }

  get initialResponse(): Uint8Array {
    return secretOctets(`${this.#authorizationId}\0${this.#username}\0${this.#password.reveal()}`);
  }

  respond(): never {
    throw unexpectedChallenge(this.name);
  }

  finish(): void {}
}
