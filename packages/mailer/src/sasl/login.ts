/** LOGIN, which has no RFC: the server asks for the name, then for the password. */
import { unexpectedChallenge } from "./challenge.ts";
import type { PasswordCredentials } from "./credentials.ts";
import type { Mechanism } from "./mechanism.ts";
import { checkText, prepareSecret, secretOctets } from "./preparation.ts";
import type { Secret } from "./secret.ts";

export class LoginMechanism implements Mechanism {
  readonly name = "LOGIN";
  /** None: not every server accepts the name with the AUTH command. */
  readonly initialResponse = undefined;
  readonly #username: string;
  readonly #password: Secret;
  #answered = 0;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for what LOGIN cannot carry. */
  constructor({ username, password }: PasswordCredentials) {
    this.#username = checkText(this.name, "username", username);
    this.#password = prepareSecret(this.name, "password", password, checkText);
  }

  /** Answers by order, not by text: servers word the two questions as they like. */
  respond(): Uint8Array {
    this.#answered += 1;
    if (this.#answered === 1) return secretOctets(this.#username);
    if (this.#answered === 2) return secretOctets(this.#password.reveal());
    throw unexpectedChallenge(this.name);
  }

  finish(): void {}
}
