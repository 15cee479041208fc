/** EXTERNAL (RFC 4422 appendix A): the TLS client certificate has already said who the client is. */
import { unexpectedChallenge } from "./challenge.ts";
import type { ExternalCredentials } from "./credentials.ts";
import type { Mechanism } from "./mechanism.ts";
import { checkText } from "./preparation.ts";

export class ExternalMechanism implements Mechanism {
  readonly name = "EXTERNAL";
  readonly initialResponse: Uint8Array;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for an identity that cannot be sent. */
  constructor({ authorizationId }: ExternalCredentials) {
    this.initialResponse = Buffer.from(authorizationId ? checkText(this.name, "authorizationId", authorizationId) : "");
  }

  respond(): never {
    throw unexpectedChallenge(this.name);
  }

  finish(): void {}
}
