/** OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2: an OAuth 2.0 access token instead of a password. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { unexpectedChallenge } from "./challenge.ts";
import type { TokenCredentials } from "./credentials.ts";
import { formatGs2Header } from "./gs2-header.ts";
import type { Mechanism } from "./mechanism.ts";
import { checkText, prepareSecret, secretOctets, unusable } from "./preparation.ts";
import type { Secret } from "./secret.ts";

/** The `b64token` of RFC 6750 section 2.1: nothing in it can end the field that it stands in. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** An error code as OAuth has them (`invalid_token`), or an HTTP status (`401`). */
const STATUS = /^(?:[a-z_]{1,40}|[1-5][0-9]{2})$/;

export class OauthMechanism implements Mechanism {
  readonly name: "OAUTHBEARER" | "XOAUTH2";
  readonly #username: string;
  readonly #token: Secret;
  #refused = false;
  #refusal: string | undefined;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for a name or token that could forge another field. */
  constructor(name: "OAUTHBEARER" | "XOAUTH2", { username, accessToken }: TokenCredentials) {
    this.name = name;
    this.#username = checkText(name, "username", username);
    if (username.includes("\x01"))
      throw unusable(name, "username", "holds the character \\x01, which separates the fields of this login.");
    this.#token = prepareSecret(name, "accessToken", accessToken, checkText);
    if (!TOKEN.test(this.#token.reveal()))
      throw unusable(
        name,
        "accessToken",
        "is not a bearer token (RFC 6750 section 2.1): only letters, digits and -._~+/ are allowed, then any =. Pass the access token alone, without the word Bearer.",
      );
  }

  get initialResponse(): Uint8Array {
    const start = this.name === "XOAUTH2" ? `user=${this.#username}` : formatGs2Header("n", this.#username);
    return secretOctets(`${start}\x01auth=Bearer ${this.#token.reveal()}\x01\x01`);
  }

  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** The only challenge says why the token was refused; the refusal itself comes as the reply to this answer (RFC 7628 section 3.2.3). */
  respond(challenge: Uint8Array): Uint8Array {
    if (this.#refused) throw unexpectedChallenge(this.name);
    this.#refused = true;
    this.#refusal = this.#statusIn(challenge);
    return this.name === "XOAUTH2" ? new Uint8Array(0) : Uint8Array.of(0x01);
  }

  finish(): void {
    if (this.#refused)
      throw new AuthenticationError(
        "MAIL_AUTH_PROTOCOL",
        `The server refused the access token within ${this.name}, and then said that the login succeeded. One of the two is not true, so the session is not used.`,
        { mechanism: this.name },
      );
  }

  /** A server could echo the token into its status, and so into logs: only what looks like an error code, and is no part of the token, is repeated. */
  #statusIn(challenge: Uint8Array): string | undefined {
    const found = parseJson(Buffer.from(challenge).toString());
    if (typeof found !== "object" || found === null || !("status" in found)) return undefined;
    const { status } = found;
    if (typeof status !== "string" && typeof status !== "number") return undefined;
    const text = String(status);
    return STATUS.test(text) && !this.#token.reveal().includes(text) ? text : undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
